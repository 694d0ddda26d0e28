package browser

import "syscall"

// diesWithUs ends the server also when a test run is killed.
func diesWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
