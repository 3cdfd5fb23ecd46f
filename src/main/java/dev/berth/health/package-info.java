/**
 * How to tell that a service works. A check looks from outside and changes nothing.
 */
@NullMarked
package dev.berth.health;

import org.jspecify.annotations.NullMarked;
