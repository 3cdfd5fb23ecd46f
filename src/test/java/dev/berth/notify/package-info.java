@NullMarked
package dev.berth.notify;

import org.jspecify.annotations.NullMarked;
