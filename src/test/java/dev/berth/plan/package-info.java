/** What the planner decides, rule by rule, and what holds in every situation. */
@NullMarked
package dev.berth.plan;

import org.jspecify.annotations.NullMarked;
