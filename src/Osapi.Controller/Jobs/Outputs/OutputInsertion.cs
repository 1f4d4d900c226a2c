using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Operations;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>
/// Puts placeholders for whole outputs into replies that have only the beginning and the end. The response reads the
/// output chunk by chunk when it is sent, so that no output is ever whole in memory.
/// </summary>
internal sealed class OutputInsertion(ITransport transport, ILogger<OutputInsertion> logger)
{
    /// <summary>Returns the state with placeholders, or as it is when the caller wants no whole output, or the store has it no more.</summary>
    public async Task<JobEvent> InsertAsync(JobId jobId, string executor, JobEvent state, HttpContext context)
    {
        if (state is not { Output: { } output, Entry: { } entry } || JobEntries.ChunksOf(transport, jobId, executor, state) is not { } chunks)
            return state;
        Dictionary<string, string> placeholders = [];
        HashSet<string> whole = [];
        foreach (var stream in Enum.GetValues<OutputStream>())
            if (output.Find(stream) is { } stored && await IsWantedAsync(chunks, stream, stored, context))
            {
                var name = SnakeCaseName.Of(stream);
                placeholders[name] = InsertedOutputs.Of(context, logger).Add(new(chunks, stream, stored));
                // The host's own number tells whether it kept all of it.
                if (!entry.TryGetProperty($"{name}_bytes", out var bytes) || (bytes.TryGetInt64(out var written) && written <= stored.Bytes))
                    whole.Add($"{name}_truncated");
            }

        return placeholders.Count == 0 ? state : state with { Entry = Replace(entry, placeholders, whole) };
    }

    // The end was written after all chunks, so that the first and the last one tell whether they were removed since.
    private static async Task<bool> IsWantedAsync(OutputChunks chunks, OutputStream stream, StoredStream stored, HttpContext context) =>
        stored.Bytes > 0 && !(stored.Bytes > CallParameters.ReadMaxOutput(context.Request))
        && await chunks.ExistsAsync(stream, 1, context.RequestAborted) && await chunks.ExistsAsync(stream, stored.Chunks, context.RequestAborted);

    private static JsonElement Replace(JsonElement entry, Dictionary<string, string> placeholders, HashSet<string> leftOut) => JsonElement.Parse(JobEntries.Json(writer =>
    {
        writer.WriteStartObject();
        foreach (var member in entry.EnumerateObject().Where(member => !leftOut.Contains(member.Name)))
            if (placeholders.TryGetValue(member.Name, out var placeholder))
                writer.WriteString(member.Name, placeholder);
            else
                member.WriteTo(writer);
        writer.WriteEndObject();
    }));
}
