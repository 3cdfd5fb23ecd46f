package dev.berth.host.portable;

import dev.berth.host.PortHold;
import dev.berth.host.RealPortHoldContract;

class PortablePortHoldTest extends RealPortHoldContract {
    @Override
    protected PortHold create() {
        return new PortablePortHold();
    }
}
