using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations;

/// <summary>
/// The result of one host in its wire format: a flat object with the members of the result next to <c>hostname</c>, <c>outcome</c>,
/// <c>changed</c>, <c>error</c>, <c>error_type</c>, <c>check</c> and <c>reachable</c>.
/// </summary>
public sealed record HostReply
{
<<<<<<< ours
    /// <summary>The member names reserved for the host's entry; of these, a result may declare only <c>changed</c>.</summary>
    internal static IReadOnlyList<string> OwnMembers { get; } = ["hostname", "outcome", "changed", "error", "error_type", "check", "reachable"];

||||||| base
    /// <summary>The member names reserved for the host's entry; of these, a result may declare only <c>changed</c>.</summary>
    internal static IReadOnlyList<string> OwnMembers { get; } = ["hostname", "outcome", "changed", "error", "error_type", "check"];

=======
>>>>>>> theirs
    /// <inheritdoc cref="HostReply{T}.Hostname"/>
    public required string Hostname { get; init; }

    /// <inheritdoc cref="HostReply{T}.Outcome"/>
    public required Outcome Outcome { get; init; }

    /// <inheritdoc cref="HostReply{T}.Changed"/>
    public bool Changed { get; init; }

    /// <inheritdoc cref="HostReply{T}.Error"/>
    public string? Error { get; init; }

    /// <inheritdoc cref="HostReply{T}.ErrorType"/>
    public ErrorType? ErrorType { get; init; }

    /// <inheritdoc cref="HostReply{T}.Check"/>
    public CheckResult? Check { get; init; }

    /// <inheritdoc cref="HostReply{T}.Reachable"/>
    public bool? Reachable { get; init; }

    /// <summary>The result as a JSON object; null when the host produced none.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>True when the object that the result was read from also holds the status, which then is no member of the result.</summary>
    internal bool HasStatus { get; init; }

    /// <summary>True when the operation succeeded or was skipped.</summary>
    public bool Succeeded => Outcome is Outcome.Ok or Outcome.Skipped;

    /// <summary>True when the host changed; for a check, when it would change or when this cannot be predicted.</summary>
    public bool IsChange => Check is { } check ? check.Changed != false : Changed;

    /// <summary>
    /// The outcome in the terms of the Go reference: <c>ok</c>, <c>skipped</c> or <c>failed</c>. The controller adds it as
    /// <c>status</c> unless the operation's result has a member of that name.
    /// </summary>
    public string Status => Outcome switch { Outcome.Ok => "ok", Outcome.Skipped => "skipped", _ => "failed" };

    /// <summary>Returns a copy without the content that requires the permission <c>file:content</c>.</summary>
    internal HostReply WithoutFileContent() => Check?.ContentDiff is null ? this : this with { Check = Check.WithoutFileContent() };

<<<<<<< ours
    /// <summary>The members of the object that <see cref="Result"/> was read from that do not belong to the result.</summary>
    internal IReadOnlyList<string> MembersBesideResult => HasStatus ? [.. OwnMembers, "status"] : OwnMembers;

    /// <summary>Determines whether a member of the object that <see cref="Result"/> was read from belongs to the result.</summary>
    internal bool IsOfResult(string member) => !OwnMembers.Contains(member) && !(HasStatus && member == "status");

    /// <summary>Writes the flat object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="withStatus">True to add <see cref="Status"/> as <c>status</c>.</param>
    internal void Write(Utf8JsonWriter writer, bool withStatus = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteOwn(writer, withStatus);
        if (Result is { ValueKind: JsonValueKind.Object } result)
            foreach (var member in result.EnumerateObject())
                if (IsOfResult(member.Name) && !(withStatus && member.Name == "status"))
                {
                    writer.WritePropertyName(member.Name);
                    RawJson.Write(writer, member.Value);
                }

        writer.WriteEndObject();
    }

    /// <summary>Writes the flat object with the members of an unparsed result, see <see cref="RawJson.CopyMembers"/>.</summary>
    internal void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteOwn(writer, withStatus: false);
        RawJson.CopyMembers(writer, result, static (name, _) => !OwnMembers.Contains(name));
        writer.WriteEndObject();
    }

    /// <summary>
    /// Reads the flat object; the result is the same object, read leniently. An outcome or error type that is not known here, from a
    /// newer agent, is read as unknown or failed, never as ok.
    /// </summary>
    internal static HostReply Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return new() { Hostname = "", Outcome = Outcome.Unknown };
        var check = CheckResult.Read(entry);
        var outcome = OutcomeOf(entry);
        return new()
        {
            Hostname = JsonConventions.Text(entry, "hostname") ?? "",
            Outcome = outcome,
            Changed = entry.TryGetProperty("changed", out var changed) && changed.ValueKind == JsonValueKind.True,
            Error = JsonConventions.Text(entry, "error"),
            ErrorType = JsonConventions.Text(entry, "error_type") is { } type ? SnakeCaseName.Parse<ErrorType>(type) ?? Operations.ErrorType.Failed : null,
            Check = check,
            Reachable = entry.TryGetProperty("reachable", out var reachable) && reachable.ValueKind is JsonValueKind.True or JsonValueKind.False ? reachable.GetBoolean() : null,
            // A success has a result even when all its members are left out. A check has one only for a read-only operation.
            Result = (outcome == Outcome.Ok && check is null) || entry.EnumerateObject().Any(member => !OwnMembers.Contains(member.Name)) ? entry.Clone() : null,
        };
    }

    /// <summary>Reads a reply from a controller's answer: the <see cref="Status"/> that it writes for clients of the Go reference is no member of the result.</summary>
    internal static HostReply ReadReply(JsonElement entry)
    {
        var reply = Read(entry);
        if (entry.ValueKind != JsonValueKind.Object || JsonConventions.Text(entry, "status") != reply.Status)
            return reply;
        reply = reply with { HasStatus = true };
        var hasResult = (reply.Outcome == Outcome.Ok && reply.Check is null) || entry.EnumerateObject().Any(member => reply.IsOfResult(member.Name));
        return hasResult ? reply : reply with { Result = null };
    }

    /// <summary>Reads the outcome of a flat object in the same way as <see cref="Read"/>.</summary>
    internal static Outcome OutcomeOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object ? SnakeCaseName.Parse<Outcome>(JsonConventions.Text(entry, "outcome")) ?? Outcome.Unknown : Outcome.Unknown;

||||||| base
    /// <summary>The members of the object that <see cref="Result"/> was read from that do not belong to the result.</summary>
    internal IReadOnlyList<string> MembersBesideResult => HasStatus ? [.. OwnMembers, "status"] : OwnMembers;

    /// <summary>Determines whether a member of the object that <see cref="Result"/> was read from belongs to the result.</summary>
    internal bool IsOfResult(string member) => !OwnMembers.Contains(member) && !(HasStatus && member == "status");

    /// <summary>Writes the flat object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="withStatus">True to add <see cref="Status"/> as <c>status</c>.</param>
    internal void Write(Utf8JsonWriter writer, bool withStatus = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteOwn(writer, withStatus);
        if (Result is { ValueKind: JsonValueKind.Object } result)
            foreach (var member in result.EnumerateObject())
                if (IsOfResult(member.Name) && !(withStatus && member.Name == "status"))
                {
                    writer.WritePropertyName(member.Name);
                    RawJson.Write(writer, member.Value);
                }

        writer.WriteEndObject();
    }

    /// <summary>Writes the flat object with the members of an unparsed result, see <see cref="RawJson.CopyMembers"/>.</summary>
    internal void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> result)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        WriteOwn(writer, withStatus: false);
        RawJson.CopyMembers(writer, result, static (name, _) => !OwnMembers.Contains(name));
        writer.WriteEndObject();
    }

    /// <summary>
    /// Reads the flat object; the result is the same object, read leniently. An outcome or error type that is not known here, from a
    /// newer agent, is read as unknown or failed, never as ok.
    /// </summary>
    internal static HostReply Read(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return new() { Hostname = "", Outcome = Outcome.Unknown };
        var check = CheckResult.Read(entry);
        var outcome = OutcomeOf(entry);
        return new()
        {
            Hostname = JsonConventions.Text(entry, "hostname") ?? "",
            Outcome = outcome,
            Changed = entry.TryGetProperty("changed", out var changed) && changed.ValueKind == JsonValueKind.True,
            Error = JsonConventions.Text(entry, "error"),
            ErrorType = JsonConventions.Text(entry, "error_type") is { } type ? SnakeCaseName.Parse<ErrorType>(type) ?? Operations.ErrorType.Failed : null,
            Check = check,
            // A success has a result even when all its members are left out. A check has one only for a read-only operation.
            Result = (outcome == Outcome.Ok && check is null) || entry.EnumerateObject().Any(member => !OwnMembers.Contains(member.Name)) ? entry.Clone() : null,
        };
    }

    /// <summary>Reads a reply from a controller's answer: the <see cref="Status"/> that it writes for clients of the Go reference is no member of the result.</summary>
    internal static HostReply ReadReply(JsonElement entry)
    {
        var reply = Read(entry);
        if (entry.ValueKind != JsonValueKind.Object || JsonConventions.Text(entry, "status") != reply.Status)
            return reply;
        reply = reply with { HasStatus = true };
        var hasResult = (reply.Outcome == Outcome.Ok && reply.Check is null) || entry.EnumerateObject().Any(member => reply.IsOfResult(member.Name));
        return hasResult ? reply : reply with { Result = null };
    }

    /// <summary>Reads the outcome of a flat object in the same way as <see cref="Read"/>.</summary>
    internal static Outcome OutcomeOf(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object ? SnakeCaseName.Parse<Outcome>(JsonConventions.Text(entry, "outcome")) ?? Outcome.Unknown : Outcome.Unknown;

=======
>>>>>>> theirs
    /// <summary>
    /// Returns the entry with its result as a value of the operation's type. A success whose result cannot be read becomes
    /// <see cref="Outcome.Unknown"/>.
    /// </summary>
    public HostReply<T> As<T>(JsonTypeInfo<T> info)
        where T : notnull
    {
        try
        {
            return With(Result is { } result ? result.Deserialize(info) : default);
        }
        catch (JsonException) when (Outcome != Outcome.Ok)
        {
            // A result that comes with a failure may be incomplete.
            return With<T>(default);
        }
        catch (JsonException exception)
        {
            return With<T>(default) with
            {
                Outcome = Outcome.Unknown,
                Error = $"the result cannot be read: {exception.Message}",
                ErrorType = Operations.ErrorType.Unknown,
            };
        }
    }

    /// <summary>Returns the entry, or <see cref="Outcome.Unknown"/> when it is a success whose result does not match the operation's result type.</summary>
    internal HostReply Readable(JsonTypeInfo info)
    {
        try
        {
            Result?.Deserialize(info);
            return this;
        }
        catch (JsonException) when (Outcome != Outcome.Ok)
        {
            return this;
        }
        catch (JsonException exception)
        {
            return this with { Outcome = Outcome.Unknown, Error = $"the result cannot be read: {exception.Message}", ErrorType = Operations.ErrorType.Unknown };
        }
    }

<<<<<<< ours
    private void WriteOwn(Utf8JsonWriter writer, bool withStatus)
    {
        writer.WriteString("hostname", Hostname);
        writer.WriteString("outcome", SnakeCaseName.Of(Outcome));
        // It is only news when a host cannot be reached.
        if (Reachable == false)
            writer.WriteBoolean("reachable", false);
        if (withStatus)
            writer.WriteString("status", Status);
        writer.WriteBoolean("changed", Changed);
        if (Error is not null)
            writer.WriteString("error", Error);
        if (ErrorType is { } type)
            writer.WriteString("error_type", SnakeCaseName.Of(type));
        if (Check is not null)
        {
            writer.WritePropertyName("check");
            Check.Write(writer);
        }
    }

||||||| base
    private void WriteOwn(Utf8JsonWriter writer, bool withStatus)
    {
        writer.WriteString("hostname", Hostname);
        writer.WriteString("outcome", SnakeCaseName.Of(Outcome));
        if (withStatus)
            writer.WriteString("status", Status);
        writer.WriteBoolean("changed", Changed);
        if (Error is not null)
            writer.WriteString("error", Error);
        if (ErrorType is { } type)
            writer.WriteString("error_type", SnakeCaseName.Of(type));
        if (Check is not null)
        {
            writer.WritePropertyName("check");
            Check.Write(writer);
        }
    }

=======
>>>>>>> theirs
    private HostReply<T> With<T>(T? result)
        where T : notnull => new()
        {
            Hostname = Hostname,
            Outcome = Outcome,
            Changed = Changed,
            Error = Error,
            ErrorType = ErrorType,
            Check = Check,
            Reachable = Reachable,
            Result = result,
        };
}
