using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations;

/// <summary>
/// One thing that can be asked for, declared once. The REST endpoint, the command line, the client method, dispatch,
/// authorization and the documentation all derive from this declaration.
/// </summary>
public abstract class Operation
{
    /// <summary>How long an operation may run when its declaration says nothing else: 30 seconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a <see cref="Quick"/> operation may run: 5 seconds.</summary>
    public static readonly TimeSpan QuickTimeout = TimeSpan.FromSeconds(5);

    private protected Operation(string id, Idempotency idempotency, RunsOn runsOn)
    {
        Id = id;
        Idempotency = idempotency;
        RunsOn = runsOn;
    }

    /// <summary>The name, such as <c>node.hostname.get</c>: family, noun, verb.</summary>
    public string Id { get; }

    /// <summary>The first part of the id.</summary>
    public string Family => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>What running it again does.</summary>
    public Idempotency Idempotency { get; }

    /// <summary>Who executes it.</summary>
    public RunsOn RunsOn { get; }

    /// <summary>Its place in the REST API.</summary>
    public required HttpRoute Route { get; init; }

    /// <summary>The permission a caller needs; null when it answers anyone, without a token.</summary>
    public required string? Permission { get; init; }

    /// <summary>The status of a successful answer: 202 for what acts, 200 for what looks, unless declared otherwise.</summary>
    public int SuccessStatus { get => field != 0 ? field : Idempotency == Idempotency.ReadOnly ? 200 : 202; init; }

    /// <summary>True when a request carries content, such as variables of a template or a program's input, and may be large; otherwise a few KiB are enough.</summary>
    public bool HasLargeRequest { get; init; }

    /// <summary>True when a call can ask what it would change: on hosts always, of the controller's own operations those that act.</summary>
    public bool CanBeChecked => RunsOn == RunsOn.Host || Idempotency != Idempotency.ReadOnly;

    /// <summary>True when a call becomes a job, whose id the caller may choose.</summary>
    public bool BecomesJob { get => field || RunsOn == RunsOn.Host; init; }

    /// <summary>
    /// True when an answer for exactly one expected host also has that host's <c>hostname</c>, <c>changed</c>, <c>path</c>, <c>status</c>, <c>sha256</c> and
    /// <c>error</c> at its top level, where clients of the Go reference read them; false unless declared.
    /// </summary>
    public bool RepeatsEntry { get; init; }

    /// <summary>True when the result declares a member named <c>status</c>, whose place in an entry the outcome's word must not take.</summary>
    public bool ResultHasStatus => ResultInfo.Properties.Any(property => property.Name == "status");

    /// <summary>
    /// True when it only reads what the host has at hand, without a process and without the network, and ends within
    /// <see cref="QuickTimeout"/>. Hosts keep slots for such operations, so that they are answered while every other slot is taken.
    /// </summary>
    public bool Quick { get; init; }

    /// <summary>How a request travels: strict, an unknown member is an error.</summary>
    public abstract JsonTypeInfo RequestInfo { get; }

    /// <summary>How a result travels: lenient, an unknown member is passed over.</summary>
    public abstract JsonTypeInfo ResultInfo { get; }

    /// <summary>A request and a matching result, for the documentation.</summary>
    public abstract (object Request, object Result) ExamplePair { get; }

    /// <summary>How long this request may run, counted from its start on the host.</summary>
    public abstract TimeSpan TimeoutOf(object request);

    /// <summary>True when an answer says that something is not as it was before; of a check, that it would not be, or that nobody can know.</summary>
    public abstract bool IsChange(OperationReply reply);

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>An operation that agents execute on hosts.</summary>
/// <typeparam name="TRequest">What is asked; a record of optional and required members.</typeparam>
/// <typeparam name="TResult">What one host answers.</typeparam>
public sealed class Operation<TRequest, TResult>(string id, Idempotency idempotency) : Operation(id, idempotency, RunsOn.Host)
    where TRequest : notnull
    where TResult : notnull
{
    /// <summary>The JSON form of the request, from the family's strict context.</summary>
    public required JsonTypeInfo<TRequest> Request { get; init; }

    /// <summary>The JSON form of the result, from the family's lenient context.</summary>
    public required JsonTypeInfo<TResult> Result { get; init; }

    /// <summary>A typed example, for the documentation; made on demand.</summary>
    public required Func<(TRequest Request, TResult Result)> Example { get; init; }

    /// <summary>How long a request may run; <see cref="Operation.DefaultTimeout"/> when not given.</summary>
    public Func<TRequest, TimeSpan> Timeout { get; init; } = static _ => DefaultTimeout;

    /// <inheritdoc/>
    public override JsonTypeInfo RequestInfo => Request;

    /// <inheritdoc/>
    public override JsonTypeInfo ResultInfo => Result;

    /// <inheritdoc/>
    public override (object Request, object Result) ExamplePair => Example();

    /// <inheritdoc/>
    public override TimeSpan TimeoutOf(object request) => Timeout((TRequest)request) is var timeout && Quick && timeout > QuickTimeout ? QuickTimeout : timeout;

    /// <inheritdoc/>
    public override bool IsChange(OperationReply reply) => reply.Hosts.Any(entry => entry.IsChange);
}

/// <summary>An operation that the controller answers itself: no target, no job, one result.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResult">What the controller answers.</typeparam>
public sealed class ControllerOperation<TRequest, TResult>(string id, Idempotency idempotency) : Operation(id, idempotency, RunsOn.Controller)
    where TRequest : notnull
    where TResult : notnull
{
    /// <inheritdoc cref="Operation{TRequest,TResult}.Request"/>
    public required JsonTypeInfo<TRequest> Request { get; init; }

    /// <inheritdoc cref="Operation{TRequest,TResult}.Result"/>
    public required JsonTypeInfo<TResult> Result { get; init; }

    /// <inheritdoc cref="Operation{TRequest,TResult}.Example"/>
    public required Func<(TRequest Request, TResult Result)> Example { get; init; }

    /// <inheritdoc/>
    public override JsonTypeInfo RequestInfo => Request;

    /// <inheritdoc/>
    public override JsonTypeInfo ResultInfo => Result;

    /// <inheritdoc/>
    public override (object Request, object Result) ExamplePair => Example();

    /// <inheritdoc/>
    public override TimeSpan TimeoutOf(object request) => DefaultTimeout;

    /// <summary>What in a result says that something changed; needed for an idempotent operation, the others change always or never.</summary>
    public Func<TResult, bool>? Changed { get; init; }

    /// <inheritdoc/>
    public override bool IsChange(OperationReply reply) => (Idempotency, reply) switch
    {
        (Idempotency.ReadOnly, _) => false,
        (_, { Check: { } check }) => check.Changed != false,
        _ => reply.Succeeded && (Changed is null || (reply.Document.Deserialize(Result) is { } result && Changed(result))),
    };
}
