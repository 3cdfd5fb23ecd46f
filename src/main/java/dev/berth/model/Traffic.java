package dev.berth.model;

/**
 * One TCP connection, seen from its local end.
 *
 * @param connection the kernel's identity of it, never used twice
 * @param received bytes that its peer sent and that arrived, since it was opened
 * @param sent bytes whose arrival the peer has confirmed
 */
public record Traffic(int localPort, long connection, long received, long sent) {}
