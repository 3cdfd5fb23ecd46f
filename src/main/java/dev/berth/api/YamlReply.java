package dev.berth.api;

/**
 * An answer whose YAML is a text of its own, with comments.
 *
 * @param view for JSON
 * @param text for YAML and for people
 */
record YamlReply(Object view, String text) {}
