// Command cel-check compiles policies in the CEL environments of Kubernetes versions and runs them as the API
// server does, reporting what each evaluation costs.
//
// Standard input: {"versions": ["1.30"], "policies": [{"id", "variables": [{"name", "expression"}], "condition",
// "messageExpression", "requests": [{"name", "operation", "object", "oldObject", "namespaceObject", "parameters"}]}]}.
// Standard output: [{"id", "version", "errors", "results": [{"name", "text", "error", "cost"}]}], where cost is in the
// API server's units, for condition, message and variables together, as Gatekeeper counts them: two passes.
//
// A policy with "patch" in place of condition and message is a MutatingAdmissionPolicy: its results have "object", what
// the API server's own patcher makes of the request's object, and no cost.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/cel/environment"

	"github.com/google/cel-go/cel"
)

type variable struct{ Name, Expression string }

func (v variable) GetName() string          { return v.Name }
func (v variable) GetExpression() string    { return v.Expression }
func (v variable) ReturnTypes() []*cel.Type { return []*cel.Type{cel.AnyType, cel.DynType} }

type expression struct {
	text       string
	returnType *cel.Type
}

func (e expression) GetExpression() string    { return e.text }
func (e expression) ReturnTypes() []*cel.Type { return []*cel.Type{e.returnType} }

type request struct {
	Name            string
	Operation       string
	Object          map[string]any
	OldObject       map[string]any
	NamespaceObject map[string]any
	Parameters      map[string]any
}

type policy struct {
	ID                string
	Variables         []variable
	Condition         string
	MessageExpression string
	Patch             string
	Requests          []request
}

type input struct {
	Versions []string
	Policies []policy
}

type result struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
	Cost  int64  `json:"cost"`
	// What a mutation makes of the object.
	Object any `json:"object,omitempty"`
}

type report struct {
	ID      string   `json:"id"`
	Version string   `json:"version"`
	Errors  []string `json:"errors"`
	Results []result `json:"results"`
}

// budget is ten times what the API server allows a policy, so that an overrun is measured and not cut off.
const budget int64 = 100_000_000

func main() {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		fmt.Fprintln(os.Stderr, "cel-check: standard input:", err)
		os.Exit(2)
	}
	reports := []report{}
	for _, text := range in.Versions {
		parsed := version.MustParseGeneric(text)
		for _, each := range in.Policies {
			reports = append(reports, check(parsed, text, each))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(reports); err != nil {
		fmt.Fprintln(os.Stderr, "cel-check:", err)
		os.Exit(2)
	}
}

func check(version *version.Version, text string, policy policy) report {
	out := report{ID: policy.ID, Version: text, Errors: []string{}, Results: []result{}}
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(version))
	if err != nil {
		out.Errors = append(out.Errors, err.Error())
		return out
	}
	declarations := plugincel.OptionalVariableDeclarations{HasParams: true}
	// As Gatekeeper hands over a Constraint's parameters.
	all := append([]variable{{"params", "has(params.spec) && has(params.spec.parameters) ? params.spec.parameters : null"}}, policy.Variables...)
	for _, each := range all {
		if compiled := compiler.CompileAndStoreVariable(each, declarations, environment.NewExpressions); compiled.Error != nil {
			out.Errors = append(out.Errors, each.Name+": "+compiled.Error.Error())
		}
	}
	if policy.Patch != "" {
		return mutate(out, compiler, policy, declarations)
	}
	condition := compiler.CompileCondition([]plugincel.ExpressionAccessor{expression{policy.Condition, cel.BoolType}}, declarations, environment.NewExpressions)
	message := compiler.CompileCondition([]plugincel.ExpressionAccessor{expression{policy.MessageExpression, cel.StringType}}, declarations, environment.NewExpressions)
	for _, err := range append(condition.CompilationErrors(), message.CompilationErrors()...) {
		out.Errors = append(out.Errors, err.Error())
	}
	if len(out.Errors) > 0 {
		return out
	}
	for _, each := range policy.Requests {
		out.Results = append(out.Results, run(condition, message, each))
	}
	return out
}

// mutate does what the API server does with a MutatingAdmissionPolicy, its match aside.
func mutate(out report, compiler *plugincel.CompositedCompiler, policy policy, declarations plugincel.OptionalVariableDeclarations) report {
	declarations.HasPatchTypes = true
	evaluator := compiler.CompileMutatingEvaluator(&patch.JSONPatchCondition{Expression: policy.Patch}, declarations, environment.NewExpressions)
	for _, err := range evaluator.CompilationErrors() {
		out.Errors = append(out.Errors, err.Error())
	}
	if len(out.Errors) > 0 {
		return out
	}
	patcher := patch.NewJSONPatcher(evaluator)
	for _, each := range policy.Requests {
		made := result{Name: each.Name}
		object, err := patcher.Patch(compiler.CreateContext(context.Background()), patch.Request{
			VersionedAttributes: attributesOf(each),
			ObjectInterfaces:    admission.NewObjectInterfacesFromScheme(runtime.NewScheme()),
			OptionalVariables:   plugincel.OptionalVariableBindings{VersionedParams: paramsOf(each)},
		}, budget)
		if err != nil {
			made.Error = err.Error()
		} else {
			made.Object = object
		}
		out.Results = append(out.Results, made)
	}
	return out
}

func attributesOf(request request) *admission.VersionedAttributes {
	object := toObject(request.Object)
	oldObject := toObject(request.OldObject)
	gvk := schema.GroupVersionKind{}
	if object != nil {
		gvk = object.GetObjectKind().GroupVersionKind()
	}
	attributes := admission.NewAttributesRecord(object, oldObject, gvk, "", "", schema.GroupVersionResource{}, "", admission.Operation(request.Operation), nil, false, nil)
	return &admission.VersionedAttributes{Attributes: attributes, VersionedKind: gvk, VersionedObject: object, VersionedOldObject: oldObject}
}

func paramsOf(request request) *unstructured.Unstructured {
	spec := map[string]any{}
	if request.Parameters != nil {
		spec["parameters"] = request.Parameters
	}
	return &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
}

func run(condition, message plugincel.ConditionEvaluator, request request) result {
	out := result{Name: request.Name}
	versioned := attributesOf(request)
	bindings := plugincel.OptionalVariableBindings{VersionedParams: paramsOf(request)}
	admissionRequest := &admissionv1.AdmissionRequest{Operation: admissionv1.Operation(request.Operation)}
	namespace, err := toNamespace(request.NamespaceObject)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	isFine, left, err := condition.ForInput(context.Background(), versioned, admissionRequest, bindings, namespace, budget)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	out.Cost = budget - left
	if isFine[0].Error != nil {
		out.Error = isFine[0].Error.Error()
		return out
	}
	if isFine[0].EvalResult.Value() == true {
		return out
	}
	texts, left, err := message.ForInput(context.Background(), versioned, admissionRequest, bindings, namespace, budget)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	out.Cost += budget - left
	if texts[0].Error != nil {
		out.Error = texts[0].Error.Error()
		return out
	}
	out.Text = fmt.Sprint(texts[0].EvalResult.Value())
	return out
}

func toObject(object map[string]any) runtime.Object {
	if object == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: integers(object).(map[string]any)}
}

// toNamespace is nil for a request whose Namespace is not known.
func toNamespace(object map[string]any) (*corev1.Namespace, error) {
	if object == nil {
		return nil, nil
	}
	namespace := &corev1.Namespace{}
	return namespace, runtime.DefaultUnstructuredConverter.FromUnstructured(object, namespace)
}

// integers turns JSON's floats into the integers that the API server decodes them to.
func integers(value any) any {
	switch typed := value.(type) {
	case map[string]any:
		for key, each := range typed {
			typed[key] = integers(each)
		}
	case []any:
		for index, each := range typed {
			typed[index] = integers(each)
		}
	case float64:
		if typed == float64(int64(typed)) {
			return int64(typed)
		}
	}
	return value
}
