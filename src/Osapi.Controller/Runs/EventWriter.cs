using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Runs;

/// <summary>Writes server-sent events.</summary>
internal sealed class EventWriter(TimeProvider time)
{
    /// <summary>The time without an event after which a comment keeps the connection.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    private static readonly ReadOnlyMemory<byte> KeepAlive = ": nothing new\n\n"u8.ToArray();

    /// <summary>Begins the response.</summary>
    public static Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // A buffering proxy would delay the events.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes an event without an id.</summary>
    public static async Task WriteAsync(HttpContext context, string name, string data, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Writes an event with its position as id; the caller flushes.</summary>
    public static ValueTask WriteAsync(HttpContext context, long id, string name, string data, CancellationToken cancellationToken) =>
        context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: {data}\n\n")), cancellationToken);

    /// <summary>Waits for a task, and keeps the connection meanwhile.</summary>
    public async Task WaitAsync(HttpContext context, Task next, CancellationToken cancellationToken)
    {
        while (true)
            try
            {
                await next.WaitAsync(KeepAliveInterval, time, cancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                await context.Response.Body.WriteAsync(KeepAlive, cancellationToken);
                await context.Response.Body.FlushAsync(cancellationToken);
            }
    }
}
