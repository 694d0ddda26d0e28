package main

import (
	"fmt"
	"io"

	"sapa/internal/fault"
	"sapa/internal/phrase"
)

// lang is the language commands speak: SAPA_LANG=en, else Bahasa Indonesia.
func lang() phrase.Lang { return phrase.Pick(env("SAPA_LANG", "id")) }

// reason says why something was refused, in a person's words; what is no refusal says itself.
func reason(err error) string {
	f := fault.Of(err)
	if f == nil {
		return err.Error()
	}
	said := phrase.Fill(lang(), f.Key, f.Values)
	switch {
	case f.Field != "" && f.Clause != "":
		return fmt.Sprintf("%s (%s, %s)", said, f.Field, f.Clause)
	case f.Field != "" || f.Clause != "":
		return fmt.Sprintf("%s (%s%s)", said, f.Field, f.Clause)
	}
	return said
}

// sorry prints why a command was refused or failed, and gives its exit code.
func sorry(stderr io.Writer, command string, err error) int {
	fmt.Fprintf(stderr, "sapa %s: %s\n", command, reason(err))
	return refused
}
