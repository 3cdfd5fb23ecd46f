/**
 * What operators watch, in Prometheus' words. What is so at this moment is read when it is asked for, so that an idle machine
 * stays idle; what happens is counted where it passes: at the seams to host and store, and in the journal. The core knows
 * nothing of it. Names are a promise: dashboards and alerts hang on them, and {@link MetricCatalog} has every one.
 */
@NullMarked
package dev.berth.metrics;

import org.jspecify.annotations.NullMarked;
