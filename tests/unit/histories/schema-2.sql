-- The history that MapTrail wrote with schema 2: see store_old_schemas.cpp.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('clean',1);
INSERT INTO meta VALUES('counted_since',1700000000000000000);
INSERT INTO meta VALUES('losses',3);
INSERT INTO meta VALUES('lost',5);
INSERT INTO meta VALUES('notifications',11);
INSERT INTO meta VALUES('operations',7);
INSERT INTO meta VALUES('pending',1);
INSERT INTO meta VALUES('quarantined',0);
INSERT INTO meta VALUES('schema_writer','0.1.0');
INSERT INTO meta VALUES('sent',16);
CREATE TABLE producer (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE
, highest INTEGER NOT NULL DEFAULT 0, checked INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO producer VALUES(1,X'07070707070707070707070707070707',16,16,11,0,0,5);
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
INSERT INTO frame VALUES(1,15);
INSERT INTO frame VALUES(1,16);
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
, loss_kind INTEGER, loss_count INTEGER, loss_first INTEGER, loss_last INTEGER, loss_producer TEXT, loss_id TEXT) STRICT;
INSERT INTO operation VALUES(1,1,1,1,2,0,1100,1700000000000000000,1,1,1700000000000000000,1700000000005000000,5000000,0,'','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(2,1,2,3,4,0,1200,1700000000000000000,1,2,1700000001000000000,1700000001005000000,5000000,53,'','Y:','Y','\\été\你',1,1,'Microsoft Windows Network',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(3,1,3,5,6,0,1300,1700000001000000000,2,1,1700000002000000000,1700000002005000000,5000000,0,'','Z:','Z','\\server\share',3,0,'',0,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(4,1,6,11,NULL,1,1600,1700000001000000000,1,4,1700000003000000000,0,-1,0,'no end of the operation was notified within a day','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(5,1,4,7,NULL,1,1400,1700000001000000000,1,0,1700000005000000000,0,-1,0,'','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(6,1,5,NULL,10,2,51500,1700000001000000000,1,1,1700000006005000000,1700000006005000000,-1,0,'no notification before the operation','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(7,0,0,NULL,NULL,0,0,1700000001000000000,3,4,1700000007000000000,0,-1,0,'the disk was full','','','',0,0,'',0,0,0,'','','',0,0,0,0,0,0,'',0,1,1,'OLDHOST',2,2,0,0,'','03030303030303030303030303030303');
INSERT INTO operation VALUES(8,1,8,15,16,0,1800,1700000001000000000,1,1,1700000008000000000,1700000008005000000,5000000,0,'','Z:','Z','\\server\share',1,1,'',4,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO operation VALUES(9,1,0,NULL,NULL,0,0,1700000001000000000,3,4,1700000005000000000,1700000005000000000,-1,0,'2 notifications of this program never arrived (numbers 8 to 9): it ended before they were stored, or could not write them to the spool; check the disk''s free space and the rights of the spool folder','','','',0,0,'',0,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',1,2,8,9,'07070707070707070707070707070707',NULL);
INSERT INTO operation VALUES(10,1,0,NULL,NULL,0,0,1700000001000000000,3,4,1700000003000000000,1700000008000000000,-1,0,'3 notifications of this program never arrived (numbers 12 to 14): it ended before they were stored, or could not write them to the spool; check the disk''s free space and the rights of the spool folder','','','',0,0,'',0,0,0,'S-1-5-21-1-2-3-1001','user1','CORP',-3989547400,1,0,0,4242,1699999940000000000,'C:\Windows\System32\net.exe',64,1,1,'OLDHOST',1,3,12,14,'07070707070707070707070707070707',NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('operation',10);
CREATE INDEX operation_start ON operation (start_time);
CREATE INDEX operation_user ON operation (user_sid, start_time);
CREATE INDEX operation_half ON operation (producer, number, half) WHERE half <> 0;
CREATE INDEX operation_pending ON operation (start_time) WHERE outcome = 0;
CREATE INDEX operation_mapped ON operation (logon_id, local_key, user_sid, start_time)
    WHERE outcome = 1 AND local_key <> '';
CREATE INDEX operation_inferred ON operation (logon_id, local_key, user_sid, start_time)
    WHERE action = 2 AND remote_from IN (0, 3) AND local_key <> '';
CREATE INDEX producer_unsettled ON producer (id) WHERE highest > checked;
CREATE INDEX operation_sequence ON operation (producer, before_sequence);
CREATE INDEX operation_gap ON operation (producer, loss_first) WHERE loss_kind = 1;
CREATE UNIQUE INDEX operation_loss ON operation (loss_id) WHERE loss_id IS NOT NULL;
COMMIT;
PRAGMA application_id = 1297371724;
PRAGMA user_version = 2;
