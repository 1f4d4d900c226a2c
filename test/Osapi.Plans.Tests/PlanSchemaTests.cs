using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Osapi.Operations;
using Osapi.Plans.Schema;
using Osapi.Plans.Yaml;
using Osapi.Tests;

namespace Osapi.Plans.Tests;

/// <summary>Tests of the JSON Schema of plan files with a validator, which sees a file as an editor does.</summary>
public sealed class PlanSchemaTests
{
    private static readonly string Project = typeof(PlanSchemaTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!;
    private static readonly JsonSchema Schema = JsonSchema.FromText(PlanSchema.Text(OperationCatalog.Default));

    [Fact]
    public void The_schema_is_as_approved() => Approved.Match(PlanSchema.Text(OperationCatalog.Default), "../../docs/plan.v1.schema.json");

    [Fact]
    public void Every_example_is_valid()
    {
        var files = Directory.GetFiles(Path.Combine(Project, "../../examples"), "*.yaml");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(IsValid(File.ReadAllText(file)), file));
    }

    [Fact]
    public void The_request_of_every_operation_is_typed_by_its_op()
    {
        foreach (var operation in OperationCatalog.Default)
        {
            JsonObject task = new() { ["name"] = "a", ["op"] = operation.Id, ["with"] = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo) };
            if (operation.RunsOn == RunsOn.Host)
                task["target"] = "_any";
            JsonObject plan = new() { ["version"] = 1, ["name"] = "p", ["tasks"] = new JsonArray(task) };
            foreach (var unset in task["with"]!.AsObject().Where(member => member.Value is null).Select(member => member.Key).ToList())
                task["with"]!.AsObject().Remove(unset);

            Assert.True(IsValid(plan), operation.Id);
            task["with"]!["nonsense"] = 1;
            Assert.False(IsValid(plan), operation.Id);
        }
    }

    [Theory]
    [InlineData("with: {command: ls, timeout: \"${{ vars.limit }}\"}", true)]
    [InlineData("with: {command: ls, timeout: ten}", false)]
    [InlineData("with: {command: ls, timeout: 0}", false)]
    [InlineData("with: {command: 0644}", true)]
    [InlineData("with: {command: [ls]}", false)]
    [InlineData("with: {command: ls, args: \"${{ vars.args }}\"}", true)]
    [InlineData("with: {cmd: ls}", false)]
    [InlineData("with: {command: ls}\n  when: results.a.changed", true)]
    [InlineData("with: {command: ls}\n  when: [vars.x, {task: a, status: changed}]", true)]
    [InlineData("with: {command: ls}\n  when: {task: a, status: chnaged}", false)]
    [InlineData("with: {command: ls}\n  timeout: 1m30s\n  start_within: 500ms\n  tags: [web]\n  for_each: [a, b]", true)]
    [InlineData("with: {command: ls}\n  timeout: 30", false)]
    [InlineData("with: {command: ls}\n  on_error: {retry: 3, initial: 1s, then: continue}", true)]
    [InlineData("with: {command: ls}\n  on_error: {initial: 1s}", false)]
    [InlineData("with: {command: ls}\n  x-note: anything", true)]
    [InlineData("with: {command: ls}\n  note: anything", false)]
    public void A_task_is_valid_or_not(string rest, bool isValid) =>
        Assert.Equal(isValid, IsValid($"version: 1\nname: p\ntasks:\n- name: a\n  op: command.exec.execute\n  target: _any\n  {rest}\n"));

    [Theory]
    [InlineData("- include: web.yaml\n  with: {port: 80}", true)]
    [InlineData("- include: web.yaml\n  op: node.load.get", false)]
    [InlineData("- block: restart\n  target: _all\n  tasks: [{name: a, op: node.load.get}]\n  always: [{name: b, op: node.load.get, target: _any}]", true)]
    [InlineData("- block: restart\n  tasks: [{name: a}]", false)]
    public void Includes_and_blocks_are_valid_or_not(string entry, bool isValid) => Assert.Equal(isValid, IsValid($"version: 1\nname: p\ntasks:\n{entry}\n"));

    [Fact]
    public void A_file_without_version_has_no_variables() => Assert.False(IsValid("name: p\nvars: {a: 1}\ntasks: [{name: a, op: health.liveness.get}]\n"));

    [Fact]
    public void Of_the_broken_plans_only_those_with_wrong_names_and_values_are_valid()
    {
        List<string> valid = [];
        foreach (var file in Directory.GetFiles(Path.Combine(Project, "Broken"), "*.yaml").Order(StringComparer.Ordinal))
            if (YamlBytes.Parse(File.ReadAllBytes(file)) is { Problems.Count: 0, Root: { } root } && IsValid(Json(root)!))
                valid.Add(Path.GetFileNameWithoutExtension(file));

        Approved.Match(string.Join('\n', valid), "Broken/valid-for-the-schema.txt");
    }

    private static bool IsValid(string yaml)
    {
        var (root, problems) = YamlBytes.Parse(System.Text.Encoding.UTF8.GetBytes(yaml));
        Assert.Empty(problems);
        return IsValid(Json(root!)!);
    }

    private static bool IsValid(JsonNode plan)
    {
        using var document = JsonDocument.Parse(plan.ToJsonString());
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    // As an editor reads YAML: the core schema, whatever a contract expects.
    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Members.Select(member => KeyValuePair.Create(member.Key.Text, Json(member.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { IsNull: true } => null,
        YamlScalar { IsPlain: true, Text: "true" or "false" } scalar => JsonValue.Create(scalar.Text == "true"),
        YamlScalar { IsPlain: true } scalar when long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalar { IsPlain: true } scalar when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        YamlScalar scalar => JsonValue.Create(scalar.Text),
        _ => throw new InvalidOperationException(),
    };
}
