/** Tests of the memory in SQLite: the contract, the JSON, what fails, and what a killed program leaves. */
@NullMarked
package dev.berth.store.sqlite;

import org.jspecify.annotations.NullMarked;
