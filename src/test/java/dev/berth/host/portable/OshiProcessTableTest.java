package dev.berth.host.portable;

import dev.berth.host.ProcessTable;
import dev.berth.host.ProcessTableContract;
import dev.berth.model.ProcessRef;

class OshiProcessTableTest extends ProcessTableContract {
    @Override
    protected ProcessTable create() {
        return new OshiProcessTable(System::nanoTime);
    }

    @Override
    protected ProcessRef ref(long pid) {
        return ProcessHandle.of(pid).flatMap(PortableProcesses::ref).orElseThrow();
    }
}
