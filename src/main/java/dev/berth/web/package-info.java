/** The page that people open in a browser: files without a build, its modules sent as one, and nothing of it from elsewhere. */
@NullMarked
package dev.berth.web;

import org.jspecify.annotations.NullMarked;
