using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Osapi.Controller.Problems;
using Osapi.Operations.Audit;
using Osapi.Operations.Json;

namespace Osapi.Controller.Audit;

/// <summary>Streams all entries: as JSON lines for a caller that accepts them, otherwise as one document of the same shape as a list, which clients of the Go reference read.</summary>
internal sealed class AuditExportEndpoint(AuditReader reader)
{
    private const int FlushBytes = 64 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        List<Problem> problems = [];
        var since = ReadTime(context.Request, "since", problems);
        var until = ReadTime(context.Request, "until", problems);
        problems.AddRange(context.Request.Query.Keys.Where(name => name is not ("since" or "until")).Select(name => new Problem(name, "is unknown in the query")));
        if (problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        var isLines = context.Request.Headers[HeaderNames.Accept].Any(accept => accept?.Contains(AuditOperations.JsonLines, StringComparison.OrdinalIgnoreCase) == true);
        context.Response.ContentType = isLines ? AuditOperations.JsonLines : "application/json";
        if (!HttpMethods.IsHead(context.Request.Method))
            await WriteAsync(context, reader.All().Where(entry => AuditFilter.Lies(entry, since, until)), isLines);
    }

    private static async Task WriteAsync(HttpContext context, IEnumerable<AuditEntry> entries, bool isLines)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer);
        long count = 0;
        if (!isLines)
            buffer.Write("{\"items\":["u8);
        foreach (var entry in entries)
        {
            if (!isLines && count > 0)
                buffer.Write(","u8);
            JsonSerializer.Serialize(writer, entry, AuditJson.Results.AuditEntry);
            writer.Reset();
            if (isLines)
                buffer.Write("\n"u8);
            count++;
            if (buffer.WrittenCount >= FlushBytes)
                await FlushAsync(context, buffer);
        }

        if (!isLines)
            buffer.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"total_items\":{count}}}")));
        await FlushAsync(context, buffer);
    }

    private static async Task FlushAsync(HttpContext context, ArrayBufferWriter<byte> buffer)
    {
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
        buffer.ResetWrittenCount();
    }

    private static DateTimeOffset? ReadTime(HttpRequest request, string name, List<Problem> problems)
    {
        var texts = request.Query[name];
        if (texts.Count == 0)
            return null;
        if (texts is [{ } text] && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        problems.Add(new(name, "must be one time (RFC 3339)"));
        return null;
    }
}
