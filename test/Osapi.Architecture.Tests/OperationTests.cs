using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Osapi.Agent.Handlers;
using Osapi.Controller;
using Osapi.Operations;

namespace Osapi.Architecture.Tests;

/// <summary>Tests that an operation is declared once, and implemented in one place.</summary>
public sealed partial class OperationTests
{
    [Fact]
    public void Every_operation_on_hosts_has_exactly_one_handler_of_the_agent() =>
        Assert.Equal(Ids(RunsOn.Host), AgentHandlers.All.Select(operation => operation.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_operation_of_the_controller_has_exactly_one_handler_of_the_controller() =>
        Assert.Equal(Ids(RunsOn.Controller), ControllerServices.Handlers(new StubServiceProvider()).Order(StringComparer.Ordinal));

    [Fact]
    public void Ids_routes_and_commands_are_each_operations_own()
    {
        Assert.Distinct(OperationCatalog.Default.Select(operation => operation.Id));
        Assert.Distinct(OperationCatalog.Default.Select(operation => operation.Route.ToString()));
        Assert.Distinct(OperationCatalog.Default.Select(operation => string.Join(' ', Osapi.Cli.Operations.CommandName.Of(operation, OperationCatalog.Default))));
    }

    [Fact]
    public void The_list_of_places_for_a_new_operation_is_true()
    {
        var section = Sources.Text("CONTRIBUTING.md").Split("## Add an operation")[1].Split("\n## ")[0];
        var places = Row.Matches(section).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(places);
        Assert.All(places, place => Assert.True(Path.Exists(Path.Combine(Sources.Repository, place)), $"CONTRIBUTING.md names {place}"));

        // Nothing else in the code refers to the operation. Its name is matched as a whole word, so that NodeStatus
        // does not count.
        var mentions = Sources.Files.Where(file => OsOperation.IsMatch(Sources.Text(file)));
        Assert.Equal([], mentions.Where(file => !places.Any(place => file == place)));
    }

    [Theory]
    [InlineData("Network")]
    [InlineData("Docker")]
    [InlineData("Command")]
    [InlineData("Node")]
    public void The_list_of_places_for_a_new_family_is_true(string family)
    {
        var section = Sources.Text("CONTRIBUTING.md").Split("## Add a family")[1].Split("\n## ")[0];
        var places = Place.Matches(section).Select(match => match.Groups[1].Value.Replace("Network", family, StringComparison.Ordinal)).ToList();
        Assert.All(places, place => Assert.True(Path.Exists(Path.Combine(Sources.Repository, place)), $"CONTRIBUTING.md names {place}"));

        // Nothing else in the code refers to the family. Its types may be used elsewhere, and operations of others may need its permissions.
        Regex mention = new($@"\b{family}(Operations|Handlers|Family|Json)\b|(?<!Permission = )\bPermissions\.{family}[A-Z]");
        var mentions = Sources.Files.Where(file => mention.IsMatch(Sources.Text(file))).ToList();
        Assert.NotEmpty(mentions);
        Assert.Equal([], mentions.Where(file => !places.Any(place => place.EndsWith('/') ? file.StartsWith(place, StringComparison.Ordinal) : file == place)));
    }

    [Fact]
    public void Each_operation_is_declared_in_the_file_of_its_request()
    {
        foreach (var operation in OperationCatalog.Default)
        {
            var declared = Assert.Single(Sources.Files, file => file.StartsWith("src/Osapi.Operations/", StringComparison.Ordinal) && Sources.Text(file).Contains($"new(\"{operation.Id}\", Idempotency.", StringComparison.Ordinal));
            Assert.Equal(FileOf(operation.RequestInfo.Type.FullName!), declared);
        }
    }

    [Fact]
    public void Each_operation_on_hosts_has_a_handler_named_after_its_request_in_a_file_of_that_name()
    {
        var expected = OperationCatalog.Default.Where(operation => operation.RunsOn == RunsOn.Host)
            .Select(operation => operation.RequestInfo.Type.FullName!.Replace("Osapi.Operations.", "Osapi.Agent.", StringComparison.Ordinal) + "Handler")
            .Order(StringComparer.Ordinal).ToList();

        Assert.Equal(expected, Sources.Types.Where(type => type.FullName!.StartsWith("Osapi.Agent.", StringComparison.Ordinal) && type.Name.EndsWith("Handler", StringComparison.Ordinal) && type.IsClass && type.IsAbstract)
            .Select(type => type.FullName!).Order(StringComparer.Ordinal));
        Assert.All(expected, type => Assert.Contains(FileOf(type), Sources.Files));
    }

    // Osapi.Operations.Node.GetOs is in src/Osapi.Operations/Node/GetOs.cs.
    private static string FileOf(string type) => type.Split('.') is [var product, var project, .. var rest] ? $"src/{product}.{project}/{string.Join('/', rest)}.cs" : "";

    private static IEnumerable<string> Ids(RunsOn where) =>
        OperationCatalog.Default.Where(operation => operation.RunsOn == where).Select(operation => operation.Id).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [GeneratedRegex("`(src/[^`]+(?:/|\\.cs))`")]
    private static partial Regex Place { get; }

    [GeneratedRegex(@"node\.os\.get|NodeOperations\.Os\b|\bGetOs\b|\bOsAsync\b")]
    private static partial Regex OsOperation { get; }

    /// <summary>A provider of services that are only named, not called.</summary>
    private sealed class StubServiceProvider : IServiceProvider
    {
        public object GetService(Type serviceType) => RuntimeHelpers.GetUninitializedObject(serviceType);
    }
}
