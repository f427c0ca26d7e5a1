-- The history that MapTrail wrote with schema 1: see store_old_schemas.cpp.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('clean',1);
INSERT INTO meta VALUES('notifications',9);
INSERT INTO meta VALUES('operations',6);
INSERT INTO meta VALUES('pending',1);
INSERT INTO meta VALUES('schema_writer','0.1.0');
CREATE TABLE producer (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE
) STRICT;
INSERT INTO producer VALUES(1,X'07070707070707070707070707070707');
CREATE TABLE frame (
    producer INTEGER NOT NULL REFERENCES producer (id),
    sequence INTEGER NOT NULL,
    PRIMARY KEY (producer, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO frame VALUES(1,1);
INSERT INTO frame VALUES(1,2);
INSERT INTO frame VALUES(1,3);
INSERT INTO frame VALUES(1,4);
INSERT INTO frame VALUES(1,5);
INSERT INTO frame VALUES(1,6);
INSERT INTO frame VALUES(1,7);
INSERT INTO frame VALUES(1,10);
INSERT INTO frame VALUES(1,11);
CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    producer INTEGER NOT NULL,
    number INTEGER NOT NULL,
    before_sequence INTEGER,
    after_sequence INTEGER,
    half INTEGER NOT NULL,
    ticks INTEGER NOT NULL,
    recorded_time INTEGER NOT NULL,
    action INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    error INTEGER NOT NULL,
    reason TEXT NOT NULL,
    local_name TEXT NOT NULL,
    local_key TEXT NOT NULL,
    remote_name TEXT NOT NULL,
    remote_from INTEGER NOT NULL,
    resource_type INTEGER NOT NULL,
    provider TEXT NOT NULL,
    flags INTEGER NOT NULL,
    forced INTEGER NOT NULL,
    truncated INTEGER NOT NULL,
    user_sid TEXT NOT NULL,
    user_name TEXT NOT NULL,
    user_domain TEXT NOT NULL,
    logon_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    integrity INTEGER NOT NULL,
    elevated INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    process_started INTEGER NOT NULL,
    process_path TEXT NOT NULL,
    bitness INTEGER NOT NULL,
    source INTEGER NOT NULL,
    decision INTEGER NOT NULL,
    host TEXT NOT NULL
) STRICT;
INSERT INTO operation VALUES(1,1,1,1,2,0,1100,1700000000000000000,1,1,1700000000000000000,1700000000005000000,5000000,0,'','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
INSERT INTO operation VALUES(2,1,2,3,4,0,1200,1700000000000000000,1,2,1700000001000000000,1700000001005000000,5000000,53,'','Y:','Y','\\été\你',1,1,'Microsoft Windows Network',4,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
INSERT INTO operation VALUES(3,1,3,5,6,0,1300,1700000001000000000,2,1,1700000002000000000,1700000002005000000,5000000,0,'','Z:','Z','\\server\share',3,0,'',0,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
INSERT INTO operation VALUES(4,1,6,11,NULL,1,1600,1700000001000000000,1,4,1700000003000000000,0,-1,0,'no end of the operation was notified within a day','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
INSERT INTO operation VALUES(5,1,4,7,NULL,1,1400,1700000001000000000,1,0,1700000005000000000,0,-1,0,'','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
INSERT INTO operation VALUES(6,1,5,NULL,10,2,51500,1700000001000000000,1,1,1700000006005000000,1700000006005000000,-1,0,'no notification before the operation','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','anna','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('operation',6);
CREATE INDEX operation_start ON operation (start_time);
CREATE INDEX operation_user ON operation (user_sid, start_time);
CREATE INDEX operation_half ON operation (producer, number, half) WHERE half <> 0;
CREATE INDEX operation_pending ON operation (start_time) WHERE outcome = 0;
CREATE INDEX operation_mapped ON operation (logon_id, local_key, user_sid, start_time)
    WHERE outcome = 1 AND local_key <> '';
CREATE INDEX operation_inferred ON operation (logon_id, local_key, user_sid, start_time)
    WHERE action = 2 AND remote_from IN (0, 3) AND local_key <> '';
COMMIT;
PRAGMA application_id = 1297371724;
PRAGMA user_version = 1;
