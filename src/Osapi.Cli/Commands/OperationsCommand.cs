using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Rendering;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi operations</c>: prints the catalog.</summary>
internal static class OperationsCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json", "-j") { Description = "Print the catalog as JSON" };
        Command command = new("operations", "List all operations with summary, route, permission and idempotency") { json };
        command.SetAction(result =>
        {
            var catalog = Catalog();
            if (result.GetValue(json))
                Terminal.Raw(JsonText(catalog));
            else
                JsonTree.Print(catalog, indent: 0, TreeOptions.Whole);
            return ExitCode.Ok;
        });
        return command;
    }

    private static JsonElement Catalog()
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("operations");
            foreach (var operation in OperationCatalog.Default)
                Write(writer, operation);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, Operation operation)
    {
        writer.WriteStartObject();
        writer.WriteString("id", operation.Id);
        writer.WriteString("family", operation.Family);
        writer.WriteString("runs_on", SnakeCaseName.Of(operation.RunsOn));
        writer.WriteString("idempotency", SnakeCaseName.Of(operation.Idempotency));
        writer.WriteString("permission", operation.Permission);
        writer.WriteString("route", operation.Route.ToString());
        writer.WriteString("summary", XmlDocs.Catalog.Of(operation));
        writer.WriteEndObject();
    }

    private static string JsonText(JsonElement value)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value.GetProperty("operations").WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
