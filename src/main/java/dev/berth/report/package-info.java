/** What history adds up to: pure counting over what was recorded. */
@NullMarked
package dev.berth.report;

import org.jspecify.annotations.NullMarked;
