using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Agents;

/// <summary>Agents: list, inspect, drain, enroll and remove them.</summary>
public static partial class AgentOperations
{
    internal static OperationFamily Family => new([List, Get, GetTimeline, Drain, Undrain, Remove, ListEnrolments, AcceptEnrolment, RejectEnrolment, CreateJoinToken, GetKey]) { Read = [Permissions.AgentRead], Admin = [Permissions.AgentWrite] };
}

/// <summary>Calls of the agent family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class AgentClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListAgents)), JsonSerializable(typeof(AgentList))]
[JsonSerializable(typeof(GetAgent)), JsonSerializable(typeof(AgentDetail))]
[JsonSerializable(typeof(GetAgentTimeline)), JsonSerializable(typeof(AgentTimeline))]
[JsonSerializable(typeof(DrainAgent)), JsonSerializable(typeof(UndrainAgent)), JsonSerializable(typeof(RemoveAgent)), JsonSerializable(typeof(AgentChange))]
[JsonSerializable(typeof(ListEnrolments)), JsonSerializable(typeof(EnrolmentList))]
[JsonSerializable(typeof(AcceptEnrolment)), JsonSerializable(typeof(RejectEnrolment)), JsonSerializable(typeof(EnrolmentChange))]
[JsonSerializable(typeof(CreateJoinToken)), JsonSerializable(typeof(JoinCredential))]
[JsonSerializable(typeof(GetAgentKey)), JsonSerializable(typeof(AgentKeyDetail))]
internal sealed partial class AgentsJson : JsonSerializerContext
{
    public static AgentsJson Requests { get; } = new(JsonConventions.Strict);

    public static AgentsJson Results { get; } = new(JsonConventions.Lenient);
}
