/**
 * Berth over HTTP: who gets in, resources, problems, and how objects look to clients.
 *
 * <p>Guarantees: a refused request changed nothing and says why; no answer shows a class name or a stack trace; no caller is
 * believed that the kernel did not name.
 */
@NullMarked
package dev.berth.api;

import org.jspecify.annotations.NullMarked;
