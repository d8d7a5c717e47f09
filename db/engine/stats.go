package engine

import "time"

// Stats are the numbers of a [Pool]: gauges of this moment, and counters since
// it was opened.
type Stats struct {
	Readers ConnStats // those of Writers where one connection does both
	Writers ConnStats

	Replicas []ReplicaStats // filled in by package db
}

// ReplicaStats are the numbers of a replica.
type ReplicaStats struct {
	Name    string        // its host and database
	Lag     time.Duration // behind the primary, when it was asked last
	Problem string        // why it is not read from, "" if it is
	ConnStats
}

// ConnStats are the numbers of the connections that serve one purpose.
type ConnStats struct {
	Max     int // as many may be open
	InUse   int // taken, or being opened
	Idle    int // open and waiting for work
	Waiting int // callers that wait for one

	Waits    uint64        // how often a caller had to wait
	WaitTime time.Duration // of all of them; 0 without Options.Now
	Timeouts uint64        // how many gave up after Options.BusyTimeout

	Opened         uint64
	Failed         uint64 // to be opened
	ClosedIdle     uint64 // after Options.IdleTime
	ClosedLifetime uint64 // after Options.Lifetime
	ClosedBroken   uint64 // lost, in doubt, or given up by Reset
}
