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
    /// <summary>Does the operation, or says what it would change. It does not throw.</summary>
    public async Task<HostEntry> RunAsync(string operationId, JsonElement request, bool check, CancellationToken cancellationToken)
    {
        if (handlers.Find(operationId) is not { } row)
            return Failed(ErrorType.Unsupported, $"this agent does not know the operation {operationId}");

        // The request is bound strictly again: an agent acts only on what it fully understands, whoever sent it.
        var binding = RequestBinder.Bind(row.Operation.RequestInfo, JsonSerializer.SerializeToUtf8Bytes(request, JsonElementInfo.Default.JsonElement));
        if (binding.Value is not { } bound)
            return Failed(ErrorType.Invalid, binding.Text);

        var timeout = row.Operation.TimeoutOf(bound);
        using CancellationTokenSource limit = new(timeout, host.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // On the pool, so that a handler that computes or blocks does not hold up whoever called.
            return check && row.Operation.Idempotency != Idempotency.ReadOnly
                ? await Task.Run(() => CheckAsync(row, bound, either.Token), CancellationToken.None)
                : Entry(row.Operation, await Task.Run(() => row.HandleAsync(bound, host, either.Token), CancellationToken.None), check);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new() { Hostname = host.Name, Outcome = Outcome.Cancelled, Error = "cancelled while it ran", ErrorType = ErrorType.Cancelled };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Failed(ErrorType.Timeout, $"timed out after {timeout.TotalSeconds:0.###} s");
        }
        catch (OperationException exception)
        {
            return Failed(exception.Type, exception.Message);
        }
        catch (Exception exception)
        {
            return Failed(ErrorType.Failed, $"{operationId} failed: {exception.Message}");
        }
    }

    // Of what acts each time nobody can know beforehand whether it will change anything.
    private async Task<HostEntry> CheckAsync(HandlerTable.Row row, object request, CancellationToken cancellationToken) => new()
    {
        Hostname = host.Name,
        Outcome = Outcome.Ok,
        Check = row.CheckAsync is { } check ? await check(request, host, cancellationToken) : new(),
    };

    private HostEntry Entry(Operation operation, HandlerTable.UntypedAnswer answer, bool check) => new()
    {
        Hostname = host.Name,
        Outcome = answer.Outcome,
        Changed = Changed(operation, answer),
        Error = answer.Error,
        ErrorType = answer.ErrorType,
        Check = check ? new() { Changed = false } : null,
        Result = answer.Result,
    };

    private static bool Changed(Operation operation, HandlerTable.UntypedAnswer answer) => (operation.Idempotency, answer.Outcome) switch
    {
        (_, Outcome.Skipped) or (Idempotency.ReadOnly, _) => false,
        (Idempotency.NonIdempotent, _) => true,
        _ => answer.Result is { } result && result.TryGetProperty("changed", out var changed) && changed.ValueKind == JsonValueKind.True,
    };

    private HostEntry Failed(ErrorType type, string error) => new() { Hostname = host.Name, Outcome = Outcome.Failed, Error = error, ErrorType = type };
}
