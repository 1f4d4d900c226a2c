using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Testing;

/// <remarks>
/// The last answer that was set for an operation applies. Its function runs for each call, so a function that counts can give a
/// different one each time; it may run on several threads at once.
/// </remarks>
public sealed partial class ScriptedInvoker
{
    /// <summary>Answers an operation with the same result from each host that the target names.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="result">
    /// Makes the result. An <see cref="OperationException"/> makes the hosts fail with its message; any other exception is
    /// thrown by the whole call.
    /// </param>
    public ScriptedInvoker Answer<TRequest, TResult>(Operation<TRequest, TResult> operation, Func<TRequest, TResult> result)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(result);
        return Answer(operation, (request, _) => result(request));
    }

    /// <summary>Answers an operation with a result of each host that the target names.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="result">
    /// Makes the result of a host, whose name it gets. An <see cref="OperationException"/> makes this host fail with its
    /// message; any other exception is thrown by the whole call.
    /// </param>
    public ScriptedInvoker Answer<TRequest, TResult>(Operation<TRequest, TResult> operation, Func<TRequest, string, TResult> result)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(result);
        return Set(operation, (call, jobId, hosts) => AnswerDocument.OfHosts(call, jobId, hosts, hostname => result((TRequest)call.Request, hostname)));
    }

    /// <summary>Answers an operation with unmodified entries: for hosts that skip it, do not respond, or do not exist.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="entries">Makes the entries.</param>
    public ScriptedInvoker AnswerEntries<TRequest, TResult>(Operation<TRequest, TResult> operation, Func<TRequest, IEnumerable<HostReply<TResult>>> entries)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(entries);
        return Set(operation, (call, jobId, _) => AnswerDocument.OfEntries(call, jobId, entries((TRequest)call.Request).Select(entry => AnswerDocument.EntryOf(entry, operation.Result))));
    }

    /// <summary>Answers an operation of the controller.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="result">Makes the result. An exception is what the call throws.</param>
    public ScriptedInvoker Answer<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, Func<TRequest, TResult> result)
        where TRequest : notnull
        where TResult : notnull
    {
        ArgumentNullException.ThrowIfNull(result);
        return Set(operation, (call, _, _) => AnswerDocument.OfController(call, result((TRequest)call.Request)));
    }

    /// <summary>Makes every call of an operation throw, such as a <see cref="Client.ConnectionException"/>.</summary>
    public ScriptedInvoker Fail(Operation operation, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Set(operation, (_, _, _) => throw exception);
    }

    /// <summary>Makes every call of an operation wait until it is cancelled, for tests of time limits.</summary>
    public ScriptedInvoker Hang(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        answers[operation.Id] = static async (_, _, cancellationToken) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return default;
        };
        return this;
    }

    private ScriptedInvoker Set(Operation operation, Func<ScriptedCall, string, IEnumerable<string>, JsonElement> answer)
    {
        ArgumentNullException.ThrowIfNull(operation);
        answers[operation.Id] = (call, jobId, _) => Task.FromResult(answer(call, jobId, call.Target is null ? [] : HostsOf(call.Target)));
        return this;
    }
}
