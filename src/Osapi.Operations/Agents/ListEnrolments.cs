namespace Osapi.Operations.Agents;

/// <summary>Lists the agents that ask to be enrolled and wait for a decision. Each agent repeats its request every few seconds.</summary>
public sealed record ListEnrolments;

public static partial class AgentOperations
{
    /// <inheritdoc cref="ListEnrolments"/>
    public static ControllerOperation<ListEnrolments, EnrolmentList> ListEnrolments { get; } = new("agent.enroll.list", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/agent/pending"),
        Permission = Permissions.AgentRead,
        Request = AgentsJson.Requests.ListEnrolments,
        Result = AgentsJson.Results.EnrolmentList,
        Example = static () => (new(), new([AgentExamples.Pending], 1)),
    };
}

public sealed partial class AgentClient
{
    /// <inheritdoc cref="ListEnrolments"/>
    public Task<EnrolmentList> ListEnrolmentsAsync(CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(AgentOperations.ListEnrolments, new(), options, cancellationToken);
}
