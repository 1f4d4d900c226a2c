using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osapi.Cli.Operations;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Plans;
using Osapi.Plans.Yaml;
using Osapi.Tests;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>Tests that the pages of docs/operations match the catalog, and that their examples run.</summary>
[Collection("hosts, one class after the other")]
public sealed partial class OperationPagesTests(LightHosts hosts, BootedHost booted) : IClassFixture<LightHosts>, IClassFixture<BootedHost>
{
    private static readonly bool Approving = Environment.GetEnvironmentVariable("OSAPI_APPROVE") == "1";

    // The pages of all families take minutes; that of a new one is enough while it is written.
    private static readonly string? OnlyFamily = Environment.GetEnvironmentVariable("OSAPI_TEST_FAMILY");

    public static TheoryData<string> Families => [.. FamilyPage.Families];

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Theory, MemberData(nameof(Families))]
    public void A_page_is_what_the_catalog_says(string family) => Approved.Match(FamilyPage.Text(family, Recorded(family)), FamilyPage.FileOf(family));

    [Fact]
    public void Every_operation_is_in_the_list() => Approved.Match(FamilyPage.Index(), "../../docs/operations/README.md");

    [Fact]
    public void Every_page_belongs_to_a_family() => Assert.Equal(
        FamilyPage.Families.Append("README").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.GetDirectoryName(PathOf("README"))!).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_example_in_csharp_compiles() => Approved.Match(CSharpText.File(OperationCatalog.Default), "Documentation/CSharpExamples.cs");

    [Fact]
    public void Every_fixture_belongs_to_an_operation() => Assert.Empty(ExampleFixture.Ids.Except(OperationCatalog.Default.Select(operation => operation.Id)));

    [Theory, MemberData(nameof(Ids))]
    public void Every_example_is_a_request_of_its_operation_as_a_command_and_as_a_plan(string id)
    {
        var operation = Find(id);
        var members = ExampleFixture.MembersOf(operation);
        var (root, unreadable) = YamlBytes.Parse(Encoding.UTF8.GetBytes(YamlText.Plan(operation, members)));
        var (plan, problems) = PlanFileReader.Read(root, unreadable, OperationCatalog.Default);

        Assert.Empty(problems);
        Assert.True(JsonNode.DeepEquals(JsonSerializer.SerializeToNode(members.Deserialize(operation.RequestInfo), operation.RequestInfo), JsonSerializer.SerializeToNode(Assert.Single(plan!.Tasks).Request, operation.RequestInfo)));
        if (!operation.HasCommand)
            return;
        var given = Cli.CommandLine.Create(OperationCatalog.Default).Parse(Words(ShellText.Command(operation, members)));
        Assert.Empty(given.Errors);
        Assert.Equal(CommandName.Of(operation, OperationCatalog.Default)[^1], given.CommandResult.Command.Name);
    }

    [Fact]
    public async Task Every_example_that_a_host_can_run_runs_and_prints_what_the_page_shows()
    {
        Needs.Check("curl");
        var place = await hosts.GetAsync("web-01");
        await using var engine = await ExampleEngine.StartAsync(place);
        await using var host = await ExampleHost.StartAsync(place);
        await using var systemd = await ExampleHost.StartAsync(await booted.GetAsync());
        var local = Directory.CreateTempSubdirectory("osapi-examples-").FullName;
        var before = Environment.CurrentDirectory;
        try
        {
            // The examples refer to a local file.
            Environment.CurrentDirectory = local;
            File.WriteAllText("app.conf.tmpl", "port = {{ vars.port }}\n");
            foreach (var family in FamilyPage.Families.Where(family => OnlyFamily is null || family == OnlyFamily))
            {
                Dictionary<string, string> outputs = [];
                foreach (var operation in OperationCatalog.Default.Where(operation => operation.Family == family))
                    if (ExampleFixture.Of(operation) is { } scene)
                        await RunAsync(ExampleFixture.IsBooted(family) ? systemd : host, operation, scene, outputs);
                var recorded = Recorded(family);
                if (Approving)
                {
                    // A recorded output stays while its form does: other times and numbers are not a change.
                    recorded = outputs.ToDictionary(
                        output => output.Key,
                        output => recorded.TryGetValue(output.Key, out var old) && Form(old) == Form(output.Value) ? old : output.Value);
                    File.WriteAllText(PathOf(family), FamilyPage.Text(family, recorded));
                }

                // The same commands were recorded, and their outputs have the same form.
                Assert.All(outputs, output => Assert.Equal(Form(output.Value), Form(recorded.GetValueOrDefault(output.Key, ""))));
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
            Directory.Delete(local, recursive: true);
        }
    }

    private static async Task RunAsync(ExampleHost host, Operation operation, ExampleFixture scene, Dictionary<string, string> outputs)
    {
        var members = ExampleFixture.MembersOf(operation);
        var (command, curl) = (ShellText.Command(operation, members), ShellText.Curl(operation, members));

        outputs[command] = await WayAsync(command);

        outputs[curl] = await WayAsync(curl);
        if (operation.ResultInfo.Type == typeof(NoContent))
        {
            Assert.Equal("", outputs[curl]);
        }
        else if (operation.RunsOn == RunsOn.Host)
        {
            var answer = JsonElement.Parse(outputs[curl]);
            var entry = HostReply.Read(Assert.Single(answer.GetProperty("results").EnumerateArray()));
            Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
            Assert.NotNull(entry.Result!.Value.Deserialize(operation.ResultInfo));
        }
        else
        {
            Assert.NotNull(JsonElement.Parse(outputs[curl]).Deserialize(operation.ResultInfo));
        }

        await host.WriteAsync("plan.yaml", YamlText.Plan(operation, members));
        Assert.Contains("1 task", await WayAsync("osapi run plan.yaml"), StringComparison.Ordinal);

        await WayAsync("true");
        using var client = host.CreateClient();
        Assert.NotNull(await CSharpExamples.All[operation.Id](client));
        await host.RunAsync(scene.After + "true");

        async Task<string> WayAsync(string line)
        {
            if (scene.OnNew)
                await host.RenewAsync();
            return await host.RunAsync(scene.Before + line);
        }
    }

    /// <summary>Reads the recorded outputs of a page's commands.</summary>
    private static Dictionary<string, string> Recorded(string family)
    {
        var page = File.Exists(PathOf(family)) ? File.ReadAllText(PathOf(family)) : "";
        return Console.Matches(page).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    // A response's members without their values, or a text's first words: names stay, values change.
    private static string Form(string output)
    {
        if (!output.StartsWith('{'))
            return output.Split(' ', '\n')[0];
        var members = JsonNode.Parse(output)!.AsObject();
        return string.Join(' ', (members["results"]?[0]?.AsObject() ?? members).Select(member => member.Key));
    }

    private static string PathOf(string family) => Path.GetFullPath(Path.Combine(ProjectDirectory, FamilyPage.FileOf(family)));

    private static string ProjectDirectory { get; } = typeof(OperationPagesTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    private static Operation Find(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        return operation;
    }

    // Split like a shell; the examples quote only with '.
    private static string[] Words(string command) => [.. Word.Matches(command).Skip(1).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal))];

    [GeneratedRegex(@"(?:[^\s']|'[^']*')+")]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"```console\n\$ ((?:[^\n']|'[^']*')+)\n((?:(?!```)[^\n]*\n)*)```")]
    private static partial Regex Console { get; }
}
