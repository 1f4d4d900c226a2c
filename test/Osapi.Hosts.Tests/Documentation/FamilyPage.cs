using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>Writes the reference page of a family from the catalog and the recorded outputs of the examples.</summary>
internal static class FamilyPage
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IReadOnlyList<string> Families { get; } = [.. OperationCatalog.Default.Select(operation => operation.Family).Distinct()];

    public static string FileOf(string family) => $"../../docs/operations/{family}.md";

    /// <summary>Writes the page.</summary>
    /// <param name="family">The family.</param>
    /// <param name="outputs">The output of each command.</param>
    public static string Text(string family, IReadOnlyDictionary<string, string> outputs)
    {
        var operations = OperationCatalog.Default.Where(operation => operation.Family == family).ToList();
        StringBuilder page = new($"""
            # The {family} operations

            {XmlDocs.Catalog.OfFamily(operations[0])}

            *Generated from the catalog by the tests, which also run the examples: see [README.md](README.md).*

            """);
        foreach (var operation in operations)
            page.Append('\n').Append(Section(operation, outputs));
        return page.ToString();
    }

    /// <summary>Writes the list of all families.</summary>
    public static string Index()
    {
        StringBuilder page = new("""
            # Operations

            `test/Osapi.Hosts.Tests/Documentation` generates these pages from the catalog (`OSAPI_APPROVE=1` regenerates them). It also runs
            the examples: the commands and plan files exactly as shown, on a temporary host in namespaces, and the C# against the same
            system. Outputs are shown unmodified. If an example needs more than such a host, its section says that it was not run; the
            example is then compiled, parsed and validated, and its answer is the one in the catalog.

            In every example `_all` can be replaced with any target: `_any`, a host name, a label `key:value`. Text members accept
            references to facts ([facts.md](../facts.md)). `?check=true`, `--check` and `osapi run --check` report what would change
            ([checks.md](../checks.md)). `$TOKEN` is a token from `osapi token generate`, and `client` is an `OsapiClient`.

            | operation | summary | idempotency | permission | REST |
            |---|---|---|---|---|

            """);
        foreach (var operation in OperationCatalog.Default)
            page.Append(CultureInfo.InvariantCulture, $"| [{operation.Id}]({operation.Family}.md#{Anchor(operation)}) | {XmlDocs.Catalog.Of(operation).Split(". ")[0].TrimEnd('.').Replace("|", "\\|", StringComparison.Ordinal)} | {IdempotencyOf(operation)} | {Permission(operation)} | `{operation.Route}` |\n");
        return page.ToString();
    }

    private static string Section(Operation operation, IReadOnlyDictionary<string, string> outputs)
    {
        var members = ExampleFixture.MembersOf(operation);
        var ran = ExampleFixture.Of(operation) is not null;
        return $"""
            ## {operation.Id}

            {XmlDocs.Catalog.Of(operation)}

            | | |
            |---|---|
            | REST | `{operation.Route}`, {operation.SuccessStatus} on success |
            | permission | {Permission(operation)} |
            | runs on | {(operation.RunsOn == RunsOn.Host ? "hosts" : "the controller")} |
            | idempotency | {IdempotencyOf(operation)} |{RightsRow(operation)}

            ### Request

            {(operation.RequestInfo.Properties.Count == 0 ? "The request has no members." : MemberTable.Of(operation.RequestInfo, request: true).TrimEnd())}

            ### Result

            {MemberTable.Of(operation.ResultInfo, request: false).TrimEnd()}

            ### Example

            {(ran ? Shown(ShellText.Command(operation, members), outputs) : NotRun(operation, operation.HasCommand ? ShellText.Command(operation, members) : null))}

            ```yaml
            {YamlText.Plan(operation, members)}
            ```

            ```csharp
            {CSharpText.Statement(operation, members)}
            ```

            {(ran ? Shown(ShellText.Curl(operation, members), outputs) : $"```console\n$ {ShellText.Curl(operation, members)}\n```")}

            """;
    }

    private static string Shown(string command, IReadOnlyDictionary<string, string> outputs) =>
        $"```console\n$ {command}\n{outputs.GetValueOrDefault(command, "").TrimEnd('\n')}".TrimEnd('\n') + "\n```";

    // An operation that only programs call has no command.
    private static string NotRun(Operation operation, string? command) => $"""
        Not run for this page: it needs more than the host on which the examples run. The result is the catalog's example.
        {(command is null ? "" : $"\n```console\n$ {command}\n```")}

        ```json
        {JsonSerializer.SerializeToNode(operation.ExamplePair.Result, operation.ResultInfo)!.ToJsonString(Indented)}
        ```
        """;

    private static string Permission(Operation operation) => operation.Permission is { } permission ? $"`{permission}`"
        : operation.HasPermissionOfRequest ? "that of the operation in the request"
        : "none (no token required)";

    private static string RightsRow(Operation operation) => operation.RunsOn == RunsOn.Host ? $"\n| rights on the host | {operation.Rights ?? "those of any user"} |" : "";

    private static string IdempotencyOf(Operation operation) => operation.Idempotency switch
    {
        Idempotency.ReadOnly => "read-only",
        Idempotency.Idempotent => "idempotent",
        _ => "not idempotent",
    };

    // GitHub's anchor of a heading: without the dots.
    private static string Anchor(Operation operation) => operation.Id.Replace(".", "", StringComparison.Ordinal);
}
