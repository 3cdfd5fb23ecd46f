/** The shell commands under {@code deploy}, run as a user runs them. */
@NullMarked
package dev.berth.deploy;

import org.jspecify.annotations.NullMarked;
