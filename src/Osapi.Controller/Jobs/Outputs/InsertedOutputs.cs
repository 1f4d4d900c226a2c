using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport;
using Osapi.Transport.Jobs.Outputs;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>The outputs that are inserted into one response, by the placeholder that stands for each.</summary>
internal sealed partial class InsertedOutputs(ILogger logger)
{
    private const int NumberLength = 8;

    // Nobody else knows it, so that no text of a host can be taken for a placeholder.
    private readonly string prefix = $"osapi-output-{Guid.NewGuid():N}-";
    private readonly List<InsertedOutput> outputs = [];

    /// <summary>Finds the outputs of a response; null when there are none.</summary>
    public static InsertedOutputs? Find(HttpContext context) => context.Items[typeof(InsertedOutputs)] as InsertedOutputs;

    /// <summary>Gets the outputs of a response.</summary>
    public static InsertedOutputs Of(HttpContext context, ILogger logger)
    {
        if (Find(context) is not { } found)
            context.Items[typeof(InsertedOutputs)] = found = new(logger);
        return found;
    }

    /// <summary>Adds an output, and returns its placeholder.</summary>
    public string Add(InsertedOutput output)
    {
        outputs.Add(output);
        return $"{prefix}{outputs.Count - 1:D8}";
    }

    /// <summary>Sends JSON with the outputs in the place of their placeholders.</summary>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        var placeholder = Encoding.ASCII.GetBytes(prefix);
        while (json.Span.IndexOf(placeholder) is >= 0 and var start)
        {
            await ResponseBuffer.SendAsync(context, json[..start]);
            json = json[(start + placeholder.Length)..];
            await SendAsync(context, outputs[int.Parse(json.Span[..NumberLength], CultureInfo.InvariantCulture)]);
            json = json[NumberLength..];
        }

        await ResponseBuffer.SendAsync(context, json);
    }

    private async Task SendAsync(HttpContext context, InsertedOutput output)
    {
        JsonTextWriter text = new(context.Response.BodyWriter);
        try
        {
            await foreach (var chunk in output.Chunks.ReadAllAsync(output.Stream, output.Stored, context.RequestAborted))
                await text.WriteAsync(chunk, context.RequestAborted);
            text.Complete();
        }
        catch (TransportException exception)
        {
            // The response has begun: only a broken connection tells the caller that it is not whole.
            LogBroken(context.Request.Path, exception.Message);
            context.Abort();
            throw new OperationCanceledException(context.RequestAborted);
        }
        finally
        {
            // The bytes passed through small buffers, and many of them.
            HeapTrimmer.Released(output.Stored.Bytes);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The response to {Path} was broken off, because output cannot be read: {Reason}")]
    private partial void LogBroken(PathString path, string reason);
}

/// <summary>One output in the store.</summary>
/// <param name="Chunks">Its chunks.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Stored">Its end.</param>
internal sealed record InsertedOutput(OutputChunks Chunks, OutputStream Stream, StoredStream Stored);
