using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Handlers;

/// <summary>Executes an operation on this host and creates its reply.</summary>
/// <remarks>Exceptions of handlers become outcomes here, and it is decided here whether the host changed.</remarks>
/// <param name="handlers">The handlers.</param>
/// <param name="host">The host.</param>
/// <param name="stopping">The agent stops: it does not wait for work that goes on without it.</param>
internal sealed partial class OperationExecutor(HandlerTable handlers, Host host, CancellationToken stopping = default)
{
    /// <summary>The time that a stopped handler has to clean up before it is abandoned.</summary>
    internal static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);

    /// <summary>The maximum number of abandoned handlers; beyond it nothing more is run.</summary>
    internal const int MaxLeftoverProcesses = 32;

    private int abandonedHandlers;

    /// <summary>True when the operation is read-only. An unknown operation will be refused without running.</summary>
    public bool IsReadOnly(string operationId) => handlers.Find(operationId) is not { } row || row.Operation.Idempotency == Idempotency.ReadOnly;

    /// <summary>True when a slot is reserved for the operation.</summary>
    public bool IsQuick(string operationId) => handlers.Find(operationId) is { Operation.Quick: true };

    /// <summary>
    /// Runs the operation, or a check of it. It does not throw, and it ends within the operation's time limit plus the
    /// grace period.
    /// </summary>
    /// <param name="operationId">The operation.</param>
    /// <param name="request">The request as JSON; no bytes mean a request without members.</param>
    /// <param name="check">True for a check.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<HostReply> RunAsync(string operationId, ReadOnlyMemory<byte> request, bool check, CancellationToken cancellationToken) =>
        RunAsync(operationId, request, check, ProcessMarker.New(), cancellationToken);

    /// <inheritdoc cref="RunAsync(string, ReadOnlyMemory{byte}, bool, CancellationToken)"/>
    /// <param name="marker">The marker of the processes that it starts.</param>
    public Task<HostReply> RunAsync(string operationId, ReadOnlyMemory<byte> request, bool check, ProcessMarker marker, CancellationToken cancellationToken) =>
        RunAsync(operationId, request, check, fileContent: false, files: null, marker, output: null, cancellationToken);

    /// <inheritdoc cref="RunAsync(string, ReadOnlyMemory{byte}, bool, ProcessMarker, CancellationToken)"/>
    /// <param name="fileContent">True when the caller may see the content of files that are not world-readable.</param>
    /// <param name="files">The stored files that the command names; null when the host must look them up itself.</param>
    /// <param name="output">The budget for captured output.</param>
    public async Task<HostReply> RunAsync(
        string operationId, ReadOnlyMemory<byte> request, bool check, bool fileContent, IReadOnlyList<FileReference>? files, ProcessMarker marker, OutputBudget.Share? output, CancellationToken cancellationToken)
    {
        if (handlers.Find(operationId) is not { } row)
            return Failed(ErrorType.Unsupported, $"this agent does not know the operation {operationId}");

        if (host.Restrictions.DenialOf(operationId) is { } denial)
            return Failed(ErrorType.Denied, AgentRestrictions.Denied(denial).Message);

        // The request is validated again: an agent acts only on requests that it fully understands, whoever sent them.
        var (bound, refusal) = await BindAsync(row.Operation, request, cancellationToken);
        if (bound is null)
            return refusal!;
        if (cancellationToken.IsCancellationRequested)
            return Cancelled("cancelled before it ran");
        if (Volatile.Read(ref abandonedHandlers) >= MaxLeftoverProcesses && !row.Operation.Quick)
            return Failed(ErrorType.Unavailable, $"not run, because {MaxLeftoverProcesses} earlier operations did not stop when cancelled and still hang on this host");

        var jobHost = host with { Marker = marker, ShowsContent = fileContent, IsCheck = check, CommitPoint = new(), OutputShare = output, Files = files is null || host.Files is null ? host.Files : new ReferencedFiles(host.Files, files) };
        var readOnly = row.Operation.Idempotency == Idempotency.ReadOnly;
        if (check && !readOnly)
            return (await RunAsync(row.Operation, row.Operation.TimeoutOf(bound), async stop => Entry(await CheckAsync(row, bound, jobHost, stop)), jobHost.CommitPoint, cancellationToken)).Entry;
        var (entry, begun) = await RunAsync(row.Operation, row.Operation.TimeoutOf(bound), async stop => Entry(await row.HandleAsync(bound, jobHost, stop)), jobHost.CommitPoint, cancellationToken);
        return entry with { Changed = begun && Changed(row.Operation, entry), Check = check && entry.Outcome == Outcome.Ok ? new() { Changed = false } : null };
    }

    private async Task<(object? Request, HostReply? Refusal)> BindAsync(Operation operation, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            var (resolved, problem) = await FactResolution.ResolveAsync(operation, request, host, cancellationToken);
            if (problem is not null)
                return (null, Failed(ErrorType.Invalid, problem));
            var binding = RequestBinder.BindResolved(operation.RequestInfo, resolved);
            return (binding.Value, Failed(ErrorType.Invalid, binding.Text));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, Cancelled("cancelled before it ran"));
        }
        catch (Exception exception)
        {
            LogUnexpected(host.Logger, exception, operation.Id);
            return (null, Failed(ErrorType.Failed, $"{operation.Id} failed: {Cause(exception)}"));
        }
    }

    private async Task<(HostReply Entry, bool Begun)> RunAsync(Operation operation, TimeSpan limit, Func<CancellationToken, Task<HostReply>> workAsync, CommitPoint commitPoint, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenSource timeout = new(limit, host.Time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            var stopped = stop.Token;
            // On the thread pool, so that a handler that computes or blocks does not block the caller.
            var work = Task.Run(() => workAsync(stopped), CancellationToken.None);
            await WaitForEndAsync(work, commitPoint, stopped, timeout.Token);
            // Abandoned, so that it blocks neither its slot nor a stopping agent forever.
            if (!work.IsCompleted)
            {
                Interlocked.Increment(ref abandonedHandlers);
                _ = work.ContinueWith(_ => Interlocked.Decrement(ref abandonedHandlers), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return (Stopped(commitPoint.Work is { } goesOn ? $", but {goesOn} goes on, because it is never ended in the middle: the next {operation.Family} operation on this host waits for it" : ", but it did not stop and may still be running") with { Outcome = Outcome.Unknown, ErrorType = ErrorType.Unknown }, true);
            }

            if (!work.IsCompletedSuccessfully)
                return await LockWaitOf(work) is { } wait ? (NotBegun(wait), false) : (Stopped(""), true);
            var entry = await work;
            return (entry.Outcome == Outcome.Cancelled ? Stopped($", {entry.Error}") with { Result = entry.Result } : entry, true);

            // A lock that was not free in time is unavailable: the caller may simply try again.
            HostReply NotBegun(string wait) => cancellationToken.IsCancellationRequested
                ? Cancelled($"cancelled before it ran: {wait}")
                : Failed(ErrorType.Unavailable, string.Create(CultureInfo.InvariantCulture, $"not run within {limit.TotalSeconds:0.###} s: {wait}"));

            HostReply Stopped(string how) => cancellationToken.IsCancellationRequested
                ? Cancelled("cancelled while it ran" + how)
                : Failed(ErrorType.Timeout, string.Create(CultureInfo.InvariantCulture, $"timed out after {limit.TotalSeconds:0.###} s{how}"));
        }
        catch (OperationException exception)
        {
            // An operation whose outcome is unknown has not failed: it must not look as if it could safely be repeated.
            return (Failed(exception.Type, exception.Message) with { Outcome = exception.Type == ErrorType.Unknown ? Outcome.Unknown : Outcome.Failed }, true);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or EntryTooLargeException)
        {
            LogOutOfMemory(host.Logger, operation.Id, exception.Message);
            return (Failed(ErrorType.Failed, $"{operation.Id} did not complete, or its result is lost: {(exception is OutOfMemoryException ? "the agent does not have enough memory" : exception.Message)}"), true);
        }
        catch (Exception exception)
        {
            LogUnexpected(host.Logger, exception, operation.Id);
            return (Failed(ErrorType.Failed, $"{operation.Id} failed: {Cause(exception)}"), true);
        }
    }

    // After a stop, wait for the handler's result: it may have killed a process and still have its output, or have
    // completed at that moment. An exception then is a consequence of the stop.
    private async Task WaitForEndAsync(Task work, CommitPoint commitPoint, CancellationToken stop, CancellationToken timeout)
    {
        try
        {
            await work.WaitAsync(stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            await work.WaitAsync(GracePeriod, host.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (work.IsCompleted || commitPoint.Work is null)
                return;
            // A cancel does not stop it any more: the answer is late, and says what it did.
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(timeout, stopping);
            await work.WaitAsync(giveUp.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<string?> LockWaitOf(Task work)
    {
        try
        {
            await work;
            return null;
        }
        catch (FamilyLockCanceledException waiting)
        {
            return waiting.Message;
        }
        catch (Exception)
        {
            return null;
        }
    }

    // Whether a non-idempotent operation changes anything cannot be predicted.
    private static async Task<CheckResult> CheckAsync(HandlerTable.Row row, object request, Host jobHost, CancellationToken stop) =>
        row.CheckAsync is { } check ? await check(request, jobHost, stop) : new();

    private HostReply Entry(CheckResult check) => new() { Hostname = host.Name, Outcome = Outcome.Ok, Check = check };

    private HostReply Entry(HandlerTable.UntypedResult answer) => new()
    {
        Hostname = host.Name,
        Outcome = answer is { Outcome: Outcome.Ok, Result: null } ? throw new InvalidOperationException("the handler returned no result") : answer.Outcome,
        Error = answer.Error,
        ErrorType = answer.ErrorType,
        Result = answer.Result,
    };

    /// <summary>
    /// Decides whether the host changed. A non-idempotent operation counts as a change even when it failed, timed out
    /// or was cancelled while running, but not when the host refused it. An idempotent operation reports it in its
    /// result.
    /// </summary>
    private static bool Changed(Operation operation, HostReply entry) => (operation.Idempotency, entry) switch
    {
        (Idempotency.ReadOnly, _) or (_, { Outcome: Outcome.Skipped }) => false,
        (Idempotency.NonIdempotent, { Result: null, ErrorType: ErrorType.Invalid or ErrorType.NotFound or ErrorType.Conflict or ErrorType.Unavailable or ErrorType.Unsupported or ErrorType.Denied }) => false,
        (Idempotency.NonIdempotent, _) => true,
        (_, { Result: { ValueKind: JsonValueKind.Object } result }) => result.TryGetProperty("changed", out var changed) && changed.ValueKind == JsonValueKind.True,
        _ => false,
    };

    private HostReply Failed(ErrorType type, string error) => new() { Hostname = host.Name, Outcome = Outcome.Failed, Error = error, ErrorType = type };

    private HostReply Cancelled(string error) => new() { Hostname = host.Name, Outcome = Outcome.Cancelled, Error = error, ErrorType = ErrorType.Cancelled };

    // The file system's messages name the file and the reason; other exceptions' messages say little without their type.
    private static string Cause(Exception exception) =>
        (exception is IOException or UnauthorizedAccessException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}").ReplaceLineEndings(" ");

    [LoggerMessage(Level = LogLevel.Error, Message = "The result of {Operation} does not fit into memory: {Reason}")]
    private static partial void LogOutOfMemory(ILogger logger, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The handler of {Operation} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string operation);
}
