using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>
/// An operation, declared once. The REST endpoint, the command line, the client method, dispatch, authorization and the documentation
/// derive from this declaration.
/// </summary>
public abstract class Operation
{
    /// <summary>The default time limit of an operation: 30 seconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The time limit of a <see cref="Quick"/> operation: 5 seconds.</summary>
    public static readonly TimeSpan QuickTimeout = TimeSpan.FromSeconds(5);

    private protected Operation(string id, Idempotency idempotency, RunsOn runsOn)
    {
        Id = id;
        Idempotency = idempotency;
        RunsOn = runsOn;
    }

    /// <summary>The id, such as <c>node.hostname.get</c>: family, noun, verb.</summary>
    public string Id { get; }

    /// <summary>The first part of the id.</summary>
    public string Family => Id[..Id.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>The effect of running the operation again.</summary>
    public Idempotency Idempotency { get; }

    /// <summary>The component that executes the operation: agents or the controller.</summary>
    public RunsOn RunsOn { get; }

    /// <summary>The HTTP method and path.</summary>
    public required HttpRoute Route { get; init; }

    /// <summary>
    /// The permission that a caller needs; null when everyone may call it, even without a token, and when
    /// <see cref="HasPermissionOfRequest"/> is true.
    /// </summary>
    public required string? Permission { get; init; }

    /// <summary>True when a caller needs the permission of the operation that the request names.</summary>
    public bool HasPermissionOfRequest { get; init; }

    /// <summary>True when a caller needs a token.</summary>
    public bool RequiresToken => Permission is not null || HasPermissionOfRequest;

    /// <summary>The HTTP status of a successful response; default: 200 for read-only operations, 202 for others.</summary>
    public int SuccessStatus { get => field != 0 ? field : Idempotency == Idempotency.ReadOnly ? 200 : 202; init; }

    /// <summary>True when a request carries content, such as template variables or the input of a program, and may be large; otherwise a few KiB are enough.</summary>
    public bool HasLargeRequest { get; init; }

    /// <summary>True when the operation supports checks: all host operations, and the controller operations that are not read-only and that not only programs call.</summary>
    public bool CanBeChecked => RunsOn == RunsOn.Host || (HasCommand && Idempotency != Idempotency.ReadOnly);

    /// <summary>True when a call is a job, whose id the caller may choose.</summary>
    public bool BecomesJob { get => field || RunsOn == RunsOn.Host; init; }

    /// <summary>False for an operation that only programs call: it has no command on the command line.</summary>
    public bool HasCommand { get; init; } = true;

    /// <summary>
    /// True when the response for exactly one expected host repeats that host's <c>hostname</c>, <c>changed</c>, <c>path</c>,
    /// <c>status</c>, <c>sha256</c> and <c>error</c> at its top level, where clients of the Go reference read them; default: false.
    /// </summary>
    public bool RepeatsEntry { get; init; }

    /// <summary>True when the result declares a member named <c>status</c>, which the outcome's status must not replace.</summary>
    public bool ResultHasStatus => ResultInfo.Properties.Any(property => property.Name == "status");

    /// <summary>
    /// True when the operation only reads local data, without a process and without the network, and ends within
    /// <see cref="QuickTimeout"/>. Hosts reserve slots for such operations, so that they run while all other slots are in use.
    /// </summary>
    public bool Quick { get; init; }

    /// <summary>
    /// The rights that the agent's process needs on the host, as part of a sentence; null when those of any user suffice, and for
    /// operations of the controller.
    /// </summary>
    public string? Rights { get; init; }

    /// <summary>The JSON contract of the request: strict, an unknown member is an error.</summary>
    public abstract JsonTypeInfo RequestInfo { get; }

    /// <summary>The JSON contract of the result: lenient, an unknown member is ignored.</summary>
    public abstract JsonTypeInfo ResultInfo { get; }

    /// <summary>The names of the request's members whose values are secret; true for a list of variables as <c>NAME=value</c>.</summary>
    internal IReadOnlyDictionary<string, bool> Secrets => field ??= RequestInfo.Properties
        .Select(property => (property.Name, Attribute: property.AttributeProvider?.GetCustomAttributes(typeof(SecretAttribute), inherit: true).OfType<SecretAttribute>().FirstOrDefault()))
        .Where(member => member.Attribute is not null)
        .ToDictionary(member => member.Name, member => member.Attribute!.AreVariables);

    /// <summary>An example for the documentation: a request and a matching result.</summary>
    public abstract (object Request, object Result) ExamplePair { get; }

    /// <summary>Returns the time limit of a request, counted from its start on the host.</summary>
    public abstract TimeSpan TimeoutOf(object request);

    /// <summary>Determines whether a reply reports a change; for a check, whether something would change or this cannot be predicted.</summary>
    public abstract bool IsChange(OperationReply reply);

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>An operation that agents execute on hosts.</summary>
/// <typeparam name="TRequest">The request: a record of optional and required members.</typeparam>
/// <typeparam name="TResult">The result of one host.</typeparam>
public sealed class Operation<TRequest, TResult>(string id, Idempotency idempotency) : Operation(id, idempotency, RunsOn.Host)
    where TRequest : notnull
    where TResult : notnull
{
    /// <summary>The JSON contract of the request, from the family's strict context.</summary>
    public required JsonTypeInfo<TRequest> Request { get; init; }

    /// <summary>The JSON contract of the result, from the family's lenient context.</summary>
    public required JsonTypeInfo<TResult> Result { get; init; }

    /// <summary>A factory of a typed example for the documentation.</summary>
    public required Func<(TRequest Request, TResult Result)> Example { get; init; }

    /// <summary>The time limit of a request; default: <see cref="Operation.DefaultTimeout"/>.</summary>
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

/// <summary>An operation that the controller executes itself: no target, no job, one result.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TResult">The result.</typeparam>
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

    /// <summary>
    /// Determines from a result whether something changed. Needed for idempotent operations only: read-only ones never change
    /// anything, the others always do.
    /// </summary>
    public Func<TResult, bool>? Changed { get; init; }

    /// <inheritdoc/>
    public override bool IsChange(OperationReply reply) => (Idempotency, reply) switch
    {
        (Idempotency.ReadOnly, _) => false,
        (_, { Check: { } check }) => check.Changed != false,
        _ => reply.Succeeded && (Changed is null || (reply.Document.Deserialize(Result) is { } result && Changed(result))),
    };
}
