package dev.berth.store;

/** The rules hold for the store that other tests use. */
class MemoryMeasurementsTest extends MeasurementStoreContract {
    private final MemoryMeasurements store = new MemoryMeasurements();

    @Override
    protected MeasurementStore store() {
        return store;
    }
}
