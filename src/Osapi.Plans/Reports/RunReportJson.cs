using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Plans.Reports;

/// <summary>The JSON of a report: written for programs, and read again.</summary>
internal static class RunReportJson
{
    private static readonly RunReportContext Context = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Returns the report as UTF-8.</summary>
    public static byte[] ToBytes(RunReport report) => JsonSerializer.SerializeToUtf8Bytes(report, Context.RunReport);

    /// <summary>Writes the members of the report into an object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, RunReport report)
    {
        foreach (var member in JsonSerializer.SerializeToElement(report, Context.RunReport).EnumerateObject())
            member.WriteTo(writer);
    }

    /// <summary>Parses a report. Unknown members are ignored.</summary>
    /// <exception cref="FormatException">It is no report, or one that only a newer version of this program understands.</exception>
    public static RunReport Parse(ReadOnlySpan<byte> json)
    {
        if (JsonConventions.ParseObject(json) is not { } document || JsonConventions.Text(document, "format") != RunReport.FormatName)
            throw new FormatException("it is not the report of a run");
        if (document.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number > RunReport.NewestVersion)
            throw new FormatException($"the report has version {number}, and this program reads up to version {RunReport.NewestVersion}");
        try
        {
            return document.Deserialize(Context.RunReport)!;
        }
        catch (JsonException exception)
        {
            throw new FormatException($"the report is not valid: {exception.Message}", exception);
        }
    }
}

[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportContext : JsonSerializerContext;
