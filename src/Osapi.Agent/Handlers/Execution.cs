using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Agent.Handlers;

/// <summary>
/// Executes an operation on this host and makes its entry. The one place where exceptions of handlers become outcomes,
/// and where it is decided whether the host changed.
/// </summary>
internal sealed class Execution(HandlerTable handlers, Host host)
{
    /// <summary>How long a handler that was told to stop has for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>True when the operation only looks. An unknown one will be refused without having run.</summary>
    public bool IsReadOnly(string operationId) => handlers.Find(operationId) is not { } row || row.Operation.Idempotency == Idempotency.ReadOnly;

    /// <summary>Does the operation. It does not throw.</summary>
    public async Task<HostEntry> RunAsync(string operationId, JsonElement? request, CancellationToken cancellationToken)
    {
        if (handlers.Find(operationId) is not { } row)
            return Failed(ErrorType.Unsupported, $"this agent does not know the operation {operationId}");
        try
        {
            // The request is bound strictly again: an agent acts only on what it fully understands, whoever sent it.
            var binding = RequestBinder.Bind(row.Operation.RequestInfo, Bytes(request));
            return binding.Value is { } bound ? await RunAsync(row, bound, cancellationToken) : Failed(ErrorType.Invalid, binding.Text);
        }
        catch (OperationException exception)
        {
            return Failed(exception.Type, exception.Message);
        }
        catch (Exception exception)
        {
            return Failed(ErrorType.Failed, $"{operationId} failed: {(string.IsNullOrWhiteSpace(exception.Message) ? exception.GetType().Name : exception.Message)}");
        }
    }

    private async Task<HostEntry> RunAsync(HandlerTable.Row row, object request, CancellationToken cancellationToken)
    {
        var timeout = row.Operation.TimeoutOf(request);
        using CancellationTokenSource limit = new(timeout, host.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        // On the pool, so that a handler that computes or blocks does not hold up whoever called.
        var work = Task.Run(() => row.HandleAsync(request, host, stop.Token), CancellationToken.None);
        try
        {
            await UntilStoppedAsync(work, stop.Token);
            return Entry(row.Operation, await work.WaitAsync(Patience, host.Time, CancellationToken.None));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Ended(Outcome.Cancelled, ErrorType.Cancelled, "cancelled while it ran");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Failed(ErrorType.Timeout, $"timed out after {timeout.TotalSeconds:0.###} s");
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            // Left behind, so that it holds neither its slot nor a stopping agent for ever.
            var why = cancellationToken.IsCancellationRequested ? "it was cancelled" : $"it timed out after {timeout.TotalSeconds:0.###} s";
            return Ended(Outcome.Unknown, ErrorType.Unknown, $"{why} and had not stopped {Patience.TotalSeconds:0} s later; it may still be at work");
        }
    }

    // Completes when the work does, whatever comes of it, or when it is told to stop.
    private static async Task UntilStoppedAsync(Task work, CancellationToken stop)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.UnsafeRegister(static stopped => ((TaskCompletionSource)stopped!).SetResult(), stopped))
            await Task.WhenAny(work, stopped.Task);
    }

    private HostEntry Entry(Operation operation, HandlerTable.UntypedAnswer answer) => answer is { Outcome: Outcome.Ok, Result: null }
        ? Failed(ErrorType.Failed, $"{operation.Id} gave no result")
        : new()
        {
            Hostname = host.Name,
            Outcome = answer.Outcome,
            Changed = Changed(operation, answer),
            Error = answer.Error,
            ErrorType = answer.ErrorType,
            Result = answer.Result,
        };

    private static bool Changed(Operation operation, HandlerTable.UntypedAnswer answer) => (operation.Idempotency, answer.Outcome) switch
    {
        (_, Outcome.Skipped) or (Idempotency.ReadOnly, _) => false,
        (Idempotency.NonIdempotent, _) => true,
        _ => answer.Result is { } result && result.TryGetProperty("changed", out var changed) && changed.ValueKind == JsonValueKind.True,
    };

    // No request is an empty one.
    private static byte[] Bytes(JsonElement? request) =>
        request is { ValueKind: not JsonValueKind.Undefined } given ? JsonSerializer.SerializeToUtf8Bytes(given, JsonElementInfo.Default.JsonElement) : [];

    private HostEntry Failed(ErrorType type, string error) => Ended(Outcome.Failed, type, error);

    private HostEntry Ended(Outcome outcome, ErrorType type, string error) =>
        new() { Hostname = host.Name, Outcome = outcome, Error = error, ErrorType = type };
}
