package dev.berth.host.portable;

import dev.berth.host.ProcessMeter;
import dev.berth.host.ProcessMeterContract;
import dev.berth.model.ProcessRef;

class OshiProcessMeterTest extends ProcessMeterContract {
    @Override
    protected ProcessMeter create() {
        return new OshiProcessMeter();
    }

    @Override
    protected ProcessRef ref(long pid) {
        return ProcessHandle.of(pid).flatMap(PortableProcesses::ref).orElseThrow();
    }
}
