// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// compareModules compares every package of the old module that other modules can
// import, and those internal ones that the new module has too: options of the
// root package take their types.
func compareModules(oldDir, newDir string) (changes []change, compared []string, err error) {
	was, err := names(oldDir)
	if err != nil {
		return nil, nil, fmt.Errorf("old module: %w", err)
	}
	is, err := names(newDir)
	if err != nil {
		return nil, nil, fmt.Errorf("new module: %w", err)
	}
	var paths []string
	for path := range was {
		switch {
		case is[path]:
			paths = append(paths, path)
		case !internal(path):
			changes = append(changes, change{relative(path), "package is missing"})
		}
	}
	sort.Strings(paths)
	before, err := load(oldDir, paths)
	if err != nil {
		return nil, nil, fmt.Errorf("old module: %w", err)
	}
	after, err := load(newDir, paths)
	if err != nil {
		return nil, nil, fmt.Errorf("new module: %w", err)
	}
	for _, path := range paths {
		compared = append(compared, relative(path))
		changes = append(changes, compare(relative(path), before[path], after[path])...)
	}
	sort.Slice(changes, func(i, j int) bool {
		a, b := changes[i], changes[j]
		return a.pkg < b.pkg || a.pkg == b.pkg && a.text < b.text
	})
	return changes, compared, nil
}

func compare(name string, before, after *types.Package) (changes []change) {
	for _, c := range apidiff.Changes(before, after).Changes {
		if !c.Compatible {
			changes = append(changes, change{name, c.Message})
		}
	}
	return changes
}

// names lists the importable packages below oldPath as seen from dir. What they
// import need not be there.
func names(dir string) (map[string]bool, error) {
	list, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles, Dir: dir}, oldPath+"/...")
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, p := range list {
		if p.Name != "" && p.Name != "main" && len(p.GoFiles) > 0 {
			found[p.PkgPath] = true
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no packages below %s in %q", oldPath, dir)
	}
	return found, nil
}

func load(dir string, paths []string) (map[string]*types.Package, error) {
	mode := packages.NeedName | packages.NeedImports | packages.NeedTypes | packages.NeedExportFile
	list, err := packages.Load(&packages.Config{Mode: mode, Dir: dir}, paths...)
	if err != nil {
		return nil, err
	}
	var errs []error
	found := map[string]*types.Package{}
	for _, p := range list {
		for _, e := range p.Errors {
			errs = append(errs, e)
		}
		found[p.PkgPath] = p.Types
	}
	for _, path := range paths {
		if found[path] == nil {
			errs = append(errs, fmt.Errorf("%s was not loaded", path))
		}
	}
	return found, errors.Join(errs...)
}

func relative(path string) string {
	if path == oldPath {
		return "."
	}
	return strings.TrimPrefix(path, oldPath+"/")
}

func internal(path string) bool {
	return strings.Contains(path+"/", "/internal/")
}
