using System.Text.Json.Serialization;

namespace Osapi.Transport.Enrolment;

/// <summary>A reply with its signature.</summary>
internal sealed record SignedReply
{
    /// <summary>The bytes of the reply.</summary>
    public required byte[] Reply { get; init; }

    /// <summary>The public key of the controllers that signed it.</summary>
    public required string Controllers { get; init; }

    /// <summary>The signature.</summary>
    public required byte[] Signature { get; init; }
}

/// <summary>The JSON of enrolment.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JoinGrant)), JsonSerializable(typeof(EnrolmentRequest)), JsonSerializable(typeof(EnrolmentMessage))]
[JsonSerializable(typeof(EnrolmentReply)), JsonSerializable(typeof(SignedReply))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;
