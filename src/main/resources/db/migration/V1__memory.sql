-- One journal of every change, one audit log, and where both end.
-- Times are nanoseconds since 1970 in UTC: exact, and in order. For people: datetime(at / 1000000000, 'unixepoch').

-- The latest row of an object is the object; its seq is the object's resourceVersion.
create table journal (
    seq         integer not null primary key,
    kind        text    not null,
    namespace   text    not null,
    name        text    not null,
    change      text    not null check (change in ('ADDED', 'MODIFIED', 'DELETED')),
    at          integer not null,
    snapshot    text    not null,
    -- Of conflicts only, to find them by.
    service     text,
    port        text,
    state       text,
    detected_at integer
);

create index journal_object on journal (kind, namespace, name, seq);
create index journal_conflict on journal (detected_at, name) where kind = 'CONFLICT';
create index journal_conflict_service on journal (service, detected_at) where kind = 'CONFLICT';

create table audit (
    seq              integer not null primary key,
    at               integer not null,
    actor_kind       text    not null,
    actor_name       text    not null,
    actor_uid        integer,
    action           text    not null,
    target_kind      text    not null,
    target_namespace text,
    target_name      text    not null,
    reason           text    not null,
    outcome          text    not null,
    detail           text    not null,
    service          text,
    conflict         text,
    act              text,
    previous_hash    text    not null,
    hash             text    not null
);

create index audit_service on audit (service, seq) where service is not null;
create index audit_conflict on audit (conflict, seq) where conflict is not null;

-- Where things end: written in the transaction of the rows that they speak of.
--   journal, audit    the last row; what is cut off behind it shows
--   journal-dropped   the last journal row that retention may have dropped
--   audit-checkpoint  the last audit record that retention dropped; the next one continues its hash
create table anchor (
    name text    not null primary key,
    seq  integer not null,
    hash text    not null
);

insert into anchor (name, seq, hash) values
    ('journal', 0, ''),
    ('journal-dropped', 0, ''),
    ('audit', 0, '0000000000000000000000000000000000000000000000000000000000000000'),
    ('audit-checkpoint', 0, '0000000000000000000000000000000000000000000000000000000000000000');
