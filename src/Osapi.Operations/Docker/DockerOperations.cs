using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Docker;

/// <summary>Containers and images on hosts.</summary>
public static partial class DockerOperations
{
    internal static OperationFamily Family => new([Create, List, Inspect, Start, Stop, Remove, Exec, Pull, RemoveImage]) { Read = [Permissions.DockerRead], Write = [Permissions.DockerWrite], Admin = [Permissions.DockerExecute] };
}

/// <summary>Calls of the docker family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class DockerClient(IOperationInvoker invoker);

[JsonSerializable(typeof(CreateContainer)), JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(ListContainers)), JsonSerializable(typeof(ContainerList))]
[JsonSerializable(typeof(InspectContainer)), JsonSerializable(typeof(ContainerDetail))]
[JsonSerializable(typeof(StartContainer)), JsonSerializable(typeof(StopContainer))]
[JsonSerializable(typeof(RemoveContainer)), JsonSerializable(typeof(ContainerChange))]
[JsonSerializable(typeof(ExecInContainer)), JsonSerializable(typeof(ContainerExecResult))]
[JsonSerializable(typeof(PullImage)), JsonSerializable(typeof(PullResult))]
[JsonSerializable(typeof(RemoveImage)), JsonSerializable(typeof(ImageRemoveResult))]
internal sealed partial class DockerJson : JsonSerializerContext
{
    public static DockerJson Requests { get; } = new(JsonConventions.Strict);

    public static DockerJson Results { get; } = new(JsonConventions.Lenient);
}
