using System.Text.Json;
using Osapi.Operations.Json;

namespace Osapi.Operations;

/// <summary>Reads and writes the flat object of a host's reply.</summary>
internal static class HostReplyJson
{
    private static readonly IReadOnlyList<string> Reserved = ["hostname", "outcome", "changed", "error", "error_type", "check", "reachable"];

    extension(HostReply reply)
    {
        /// <summary>The members of the object that <see cref="HostReply.Result"/> was read from that do not belong to the result.</summary>
        public IReadOnlyList<string> MembersBesideResult => reply.HasStatus ? [.. Reserved, "status"] : Reserved;

        /// <summary>Determines whether a member of the object that <see cref="HostReply.Result"/> was read from belongs to the result.</summary>
        public bool IsOfResult(string member) => !Reserved.Contains(member) && !(reply.HasStatus && member == "status");

        /// <summary>Writes the flat object.</summary>
        /// <param name="writer">The writer.</param>
        /// <param name="withStatus">True to add <see cref="HostReply.Status"/> as <c>status</c>.</param>
        public void Write(Utf8JsonWriter writer, bool withStatus = false)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStartObject();
            WriteOwn(reply, writer, withStatus);
            if (reply.Result is { ValueKind: JsonValueKind.Object } result)
                foreach (var member in result.EnumerateObject())
                    if (reply.IsOfResult(member.Name) && !(withStatus && member.Name == "status"))
                    {
                        writer.WritePropertyName(member.Name);
                        RawJson.Write(writer, member.Value);
                    }

            writer.WriteEndObject();
        }

        /// <summary>Writes the flat object with the members of an unparsed result, see <see cref="RawJson.CopyMembers"/>.</summary>
        public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> result)
        {
            ArgumentNullException.ThrowIfNull(writer);
            writer.WriteStartObject();
            WriteOwn(reply, writer, withStatus: false);
            RawJson.CopyMembers(writer, result, static (name, _) => !Reserved.Contains(name));
            writer.WriteEndObject();
        }
    }

    extension(HostReply)
    {
        /// <summary>The member names reserved for the host's entry; of these, a result may declare only <c>changed</c>.</summary>
        public static IReadOnlyList<string> OwnMembers => Reserved;

        /// <summary>
        /// Reads the flat object; the result is the same object, read leniently. An outcome or error type that is not known here, from a
        /// newer agent, is read as unknown or failed, never as ok.
        /// </summary>
        public static HostReply Read(JsonElement entry)
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
                Result = (outcome == Outcome.Ok && check is null) || entry.EnumerateObject().Any(member => !Reserved.Contains(member.Name)) ? entry.Clone() : null,
            };
        }

        /// <summary>Reads a reply from a controller's answer: the <see cref="HostReply.Status"/> that it writes for clients of the Go reference is no member of the result.</summary>
        public static HostReply ReadReply(JsonElement entry)
        {
            var reply = Read(entry);
            if (entry.ValueKind != JsonValueKind.Object || JsonConventions.Text(entry, "status") != reply.Status)
                return reply;
            reply = reply with { HasStatus = true };
            var hasResult = (reply.Outcome == Outcome.Ok && reply.Check is null) || entry.EnumerateObject().Any(member => reply.IsOfResult(member.Name));
            return hasResult ? reply : reply with { Result = null };
        }

        /// <summary>Reads the outcome of a flat object in the same way as Read.</summary>
        public static Outcome OutcomeOf(JsonElement entry) =>
            entry.ValueKind == JsonValueKind.Object ? SnakeCaseName.Parse<Outcome>(JsonConventions.Text(entry, "outcome")) ?? Outcome.Unknown : Outcome.Unknown;
    }

    private static void WriteOwn(HostReply reply, Utf8JsonWriter writer, bool withStatus)
    {
        writer.WriteString("hostname", reply.Hostname);
        writer.WriteString("outcome", SnakeCaseName.Of(reply.Outcome));
        // It is only news when a host cannot be reached.
        if (reply.Reachable == false)
            writer.WriteBoolean("reachable", false);
        if (withStatus)
            writer.WriteString("status", reply.Status);
        writer.WriteBoolean("changed", reply.Changed);
        if (reply.Error is not null)
            writer.WriteString("error", reply.Error);
        if (reply.ErrorType is { } type)
            writer.WriteString("error_type", SnakeCaseName.Of(type));
        if (reply.Check is not null)
        {
            writer.WritePropertyName("check");
            reply.Check.Write(writer);
        }
    }
}
