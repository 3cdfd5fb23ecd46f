package dev.berth.config;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a setting has whose value is more than a word or a list of words. Its text is JSON. */
interface Structure {
    /** The text as it may be shown: without secrets. Texts that can't be understood are not shown at all. */
    String shown(String text);

    /** The text with the secrets of the present one where it has only their place, as it does when it was copied from an answer. */
    String completed(String text, String present);

    /** The JSON Schema of one element. */
    ObjectNode element();
}
