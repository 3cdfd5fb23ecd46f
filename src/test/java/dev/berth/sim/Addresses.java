package dev.berth.sim;

/** Which addresses get in each other's way; written down here a second time, so that the simulation judges for itself. */
final class Addresses {
    private Addresses() {}

    static boolean collide(String one, boolean oneDual, String other, boolean otherDual) {
        boolean oneV4 = isV4(one);
        boolean otherV4 = isV4(other);
        if (oneV4 && otherV4) {
            return one.equals(other) || one.equals("0.0.0.0") || other.equals("0.0.0.0");
        }
        if (oneV4 != otherV4) {
            return oneV4 ? otherDual : oneDual;
        }
        return one.equals(other) || one.equals("::") || other.equals("::");
    }

    static boolean isV4(String address) {
        return address.indexOf(':') < 0;
    }

    /** The numeric form of what a service names as its host. */
    static String numeric(String host) {
        return host.equals("localhost") ? "127.0.0.1" : host;
    }
}
