using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Reviews;

/// <summary>Reviews: the seals of saved plans.</summary>
public static partial class ReviewOperations
{
    internal static OperationFamily Family => new([CreateSeal, VerifySeal]) { Write = [Permissions.ReviewWrite] };
}

/// <summary>Calls of the review family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class ReviewClient(IOperationInvoker invoker);

[JsonSerializable(typeof(CreateSeal)), JsonSerializable(typeof(PlanSeal))]
[JsonSerializable(typeof(VerifySeal)), JsonSerializable(typeof(SealVerdict))]
internal sealed partial class ReviewsJson : JsonSerializerContext
{
    public static ReviewsJson Requests { get; } = new(JsonConventions.Strict);

    public static ReviewsJson Results { get; } = new(JsonConventions.Lenient);
}
