/** The page that people open in a browser: files without a build, and nothing of them from elsewhere. */
@NullMarked
package dev.berth.web;

import org.jspecify.annotations.NullMarked;
