using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Reviews;

/// <summary>Reviews: the signatures of saved plans.</summary>
public static partial class ReviewOperations
{
    internal static OperationFamily Family => new([CreateSignature, VerifySignature]) { Write = [Permissions.ReviewWrite] };
}

/// <summary>Calls of the review family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class ReviewClient(IOperationInvoker invoker);

[JsonSerializable(typeof(CreateSignature)), JsonSerializable(typeof(PlanSignature))]
[JsonSerializable(typeof(VerifySignature)), JsonSerializable(typeof(SignatureVerdict))]
internal sealed partial class ReviewsJson : JsonSerializerContext
{
    public static ReviewsJson Requests { get; } = new(JsonConventions.Strict);

    public static ReviewsJson Results { get; } = new(JsonConventions.Lenient);
}
