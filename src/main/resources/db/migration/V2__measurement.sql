-- What was measured of services over time. A row is a page: the measurements of one service over the time that resolution
-- says in code (dev.berth.model.Resolution), packed (dev.berth.store.sqlite.MeasurementCodec). The order of the key keeps what
-- is written in one minute together, so that a commit touches few pages of the file however many services there are; a service
-- is no foreign key, for its measurements outlive it. resolution is seconds that a measurement is of, page seconds since 1970.
create table measurement (
    resolution integer not null,
    page       integer not null,
    service    text    not null,
    points     blob    not null,
    primary key (resolution, page, service)
) without rowid;
