package dev.berth.model;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * What one process has used of the machine since it was started, and uses now.
 *
 * @param cpu time on a CPU, in user mode and in the kernel, of all its threads
 * @param childrenCpu the same of its children that ended and that it waited for, and of theirs; zero where the system does
 *     not tell
 * @param residentBytes memory that it has in RAM, pages shared with others included
 * @param openFiles descriptors; empty where it may not be known
 * @param age how long ago it was started
 */
public record ProcessUsage(
        Duration cpu, Duration childrenCpu, long residentBytes, long threads, OptionalLong openFiles, Duration age) {}
