using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests;

/// <summary>Tests of the rules of every operation of the catalog, including future ones.</summary>
public sealed partial class CatalogLawTests
{
    // Names with another meaning as query parameters and command-line options.
    private static readonly string[] GlobalNames = ["start_within", "check", "target", "json", "url", "token", "help", "version", "config"];

    public static TheoryData<string> Ids => [.. OperationCatalog.Default.Select(operation => operation.Id)];

    [Fact]
    public void Ids_are_unique() => Assert.Equal(OperationCatalog.Default.Count, OperationCatalog.Default.Select(operation => operation.Id).Distinct().Count());

    [Fact]
    public void Routes_are_unique() => Assert.Equal(
        OperationCatalog.Default.Count,
        OperationCatalog.Default.Select(operation => TemplateMember.Replace(operation.Route.ToString(), "{}")).Distinct().Count());

    [Fact]
    public void Every_declared_operation_is_in_the_catalog_once()
    {
        var declared = typeof(Operation).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType.IsSubclassOf(typeof(Operation)))
            .Select(property => ((Operation)property.GetValue(null)!).Id);

        Assert.Equal(declared.Order(), OperationCatalog.Default.Select(operation => operation.Id).Order());
    }

    [Fact]
    public void Quick_are_the_operations_that_only_read_what_the_host_has_at_hand()
    {
        // No process, no network, no file of the caller's choice: check the handler before adding an operation here.
        string[] quick =
        [
            "node.disk.get", "node.hostname.get", "node.load.get", "node.memory.get", "node.os.get", "node.status.get", "node.uptime.get",
        ];
        var declared = OperationCatalog.Default.Where(operation => operation.Quick).ToList();

        Assert.Equal(quick, declared.Select(operation => operation.Id).Order(StringComparer.Ordinal));
        Assert.All(declared, operation =>
        {
            Assert.Equal((Idempotency.ReadOnly, RunsOn.Host), (operation.Idempotency, operation.RunsOn));
            Assert.InRange(operation.TimeoutOf(operation.ExamplePair.Request), TimeSpan.FromTicks(1), Operation.QuickTimeout);
        });
    }

    [Fact]
    public void An_operation_that_changes_hosts_states_the_rights_that_it_needs() => Assert.All(
        OperationCatalog.Default,
        operation => Assert.True(operation.RunsOn == RunsOn.Host ? operation.Quick || operation.Rights is { Length: > 0 } || operation.Idempotency == Idempotency.ReadOnly : operation.Rights is null, operation.Id));

    [Fact]
    public void The_lists_of_the_families_hold_no_null() => Assert.All(OperationCatalog.Default, Assert.NotNull);

    [Theory, MemberData(nameof(Ids))]
    public void An_id_is_family_noun_verb(string id)
    {
        // In a family of the controller with one noun only, such as job.get, the family is the noun.
        // docker.image.remove.execute has two; the family's own noun, the container, is implied.
        var parts = Find(id).RunsOn == RunsOn.Controller ? "2,3" : "3,4";

        Assert.Matches($"^(([a-z][a-z0-9]*(_[a-z0-9]+)*)(\\.|$)){{{parts}}}$", id);
        Assert.Equal(id.Split('.')[0], Find(id).Family);
    }

    [Theory, MemberData(nameof(Ids))]
    public void An_operation_is_in_the_namespace_of_its_family(string id) =>
        Assert.Contains(Find(id).RequestInfo.Type.Namespace!.Split('.')[^1], [id.Split('.')[0], id.Split('.')[0] + "s"], StringComparer.OrdinalIgnoreCase);

    [Theory, MemberData(nameof(Ids))]
    public void A_route_names_the_target_of_a_host_operation_and_else_only_required_members(string id)
    {
        var operation = Find(id);
        var inPath = operation.Route.Members.Where(name => name != HttpRoute.TargetMember).ToList();

        Assert.Equal(operation.RunsOn == RunsOn.Host, operation.Route.Members.Contains(HttpRoute.TargetMember));
        Assert.Equal(inPath.Distinct(), inPath);
        Assert.Matches("^(/([a-z0-9-]+|\\{[a-z0-9_]+\\}))+$", operation.Route.Template);
        Assert.All(inPath, name => Assert.True(operation.RequestInfo.Properties.Single(property => property.Name == name).IsRequired));
        // An operation on the controller has no target to confuse a member with.
        if (operation.RunsOn == RunsOn.Host)
            Assert.DoesNotContain(operation.RequestInfo.Properties, property => property.Name == HttpRoute.TargetMember);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_member_in_the_path_is_a_text_that_cannot_be_a_dot_or_two(string id)
    {
        var operation = Find(id);
        foreach (var property in operation.RequestInfo.Properties.Where(property => operation.Route.Members.Contains(property.Name)))
        {
            var converter = Assert.IsAssignableFrom<ITextConverter>(Info(operation.RequestInfo, property).Converter);
            Assert.All((string[])["", ".", ".."], text => Assert.False(converter.Rule.Allows(text)));
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void Members_in_the_query_are_not_nested(string id)
    {
        var operation = Find(id);
        if (operation.Route.HasBody)
            return;

        foreach (var property in operation.RequestInfo.Properties)
        {
            var info = Info(operation.RequestInfo, property);
            var leaf = info.Kind == JsonTypeInfoKind.Enumerable ? info.Options.GetTypeInfo(info.ElementType!) : info;
            Assert.Equal(JsonTypeInfoKind.None, leaf.Kind);
            Assert.NotEqual(typeof(JsonObject), leaf.Type);
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void No_member_has_a_name_that_means_something_else(string id) =>
        Assert.Empty(Find(id).RequestInfo.Properties.Select(property => property.Name).Intersect(
            Find(id).RunsOn == RunsOn.Host ? GlobalNames : GlobalNames.Except(["target"])));

    [Theory, MemberData(nameof(Ids))]
    public void A_result_leaves_the_names_of_the_entry_alone_and_has_changed_exactly_if_it_can_change_something(string id)
    {
        var operation = Find(id);
        if (operation.RunsOn == RunsOn.Controller)
            return;

        Assert.Equal(
            operation.Idempotency == Idempotency.ReadOnly ? [] : ["changed"],
            operation.ResultInfo.Properties.Select(property => property.Name).Intersect(HostReply.OwnMembers));
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_controller_result_reports_changes_and_cannot_be_mistaken_for_a_check(string id)
    {
        var operation = Find(id);
        if (operation.RunsOn == RunsOn.Host)
            return;

        // A read-only operation never changes anything, a non-idempotent one always does; only for an idempotent one
        // the result must say it.
        Assert.Equal(operation.Idempotency == Idempotency.Idempotent, operation.GetType().GetProperty("Changed")!.GetValue(operation) is not null);
        Assert.DoesNotContain(operation.ResultInfo.Properties, property => property.Name == "check" && property.PropertyType != typeof(bool?));
        OperationReply example = new(JsonSerializer.SerializeToElement(operation.ExamplePair.Result, operation.ResultInfo));
        Assert.Equal(operation.Idempotency != Idempotency.ReadOnly, operation.IsChange(example));
        Assert.Null(example.Check);
        Assert.All((string[])["true", "false", "null"], changed => Assert.Equal(
            operation.Idempotency != Idempotency.ReadOnly && changed != "false",
            operation.IsChange(new(JsonElement.Parse($$$"""{"check":{"changed":{{{changed}}}}}""")))));
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_request_of_only_its_required_members_has_no_null_where_none_belongs(string id)
    {
        var operation = Find(id);
        var members = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        foreach (var property in operation.RequestInfo.Properties.Where(property => !property.IsRequired))
            members.Remove(property.Name);

        // Not bound: a rule over several members may require one of those that are optional individually.
        var request = members.Deserialize(operation.RequestInfo)!;

        Assert.All(operation.RequestInfo.Properties.Where(property => !property.IsSetNullable), property => Assert.NotNull(property.Get!(request)));
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_optional_numbers_and_switches_of_a_request_are_nullable(string id) =>
        // Source generation loses the default of an init member: without null, 0 and absent are the same.
        Assert.All(
            Contract.Members(Find(id).RequestInfo).Where(member => !member.Property.IsRequired),
            member => Assert.False(member.Property.PropertyType.IsValueType && Nullable.GetUnderlyingType(member.Property.PropertyType) is null));

    [Theory, MemberData(nameof(Ids))]
    public void An_example_binds_and_survives_both_ways(string id)
    {
        var operation = Find(id);
        var (request, result) = operation.ExamplePair;
        var sent = JsonSerializer.SerializeToNode(request, operation.RequestInfo)!.AsObject();
        var answered = JsonSerializer.SerializeToElement(result, operation.ResultInfo);

        Assert.True(JsonNode.DeepEquals(sent, JsonSerializer.SerializeToNode(Bound(operation, sent), operation.RequestInfo)));
        Assert.True(JsonElement.DeepEquals(answered, JsonSerializer.SerializeToElement(answered.Deserialize(operation.ResultInfo), operation.ResultInfo)));
        Assert.True(operation.TimeoutOf(request) > TimeSpan.Zero);
    }

    [Theory, MemberData(nameof(Ids))]
    public void A_request_refuses_and_a_result_passes_what_it_does_not_know(string id)
    {
        var operation = Find(id);
        var sent = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        var answered = JsonSerializer.SerializeToNode(operation.ExamplePair.Result, operation.ResultInfo)!.AsObject();
        sent["unheard_of"] = 1;
        answered["unheard_of"] = 1;

        Assert.Equal(["unheard_of is unknown"], RequestBinder.Bind(operation.RequestInfo, sent).Problems.Select(problem => problem.ToString()));
        Assert.NotNull(answered.Deserialize(operation.ResultInfo));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Nullable_members_of_a_result_are_optional(string id) =>
        // Nulls are not written. A positional member needs a default for that.
        Assert.All(Contract.Members(Find(id).ResultInfo), member =>
            Assert.False(member.Property is { IsGetNullable: true, IsRequired: true }, $"{member.Owner.Type.Name}.{member.Property.Name} is nullable and required."));

    [Theory, MemberData(nameof(Ids))]
    public void Requests_and_results_are_spelled_in_snake_case(string id)
    {
        var operation = Find(id);

        Assert.All(
            Contract.Members(operation.RequestInfo).Concat(Contract.Members(operation.ResultInfo)),
            member => Assert.Matches("^[a-z0-9]+(_[a-z0-9]+)*$", member.Property.Name));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Schemas_are_self_contained_and_completely_described(string id)
    {
        var operation = Find(id);
        ContractSchema schemas = new(XmlDocFiles.Product);

        Assert.NotEqual("", XmlDocFiles.Product.Of(operation));
        Assert.DoesNotContain("$ref", schemas.Of(operation.RequestInfo).ToJsonString() + schemas.Of(operation.ResultInfo).ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(schemas.Of(operation.RequestInfo)["description"]);
        Assert.NotNull(schemas.Of(operation.ResultInfo)["description"]);
        Assert.All(
            Contract.Members(operation.RequestInfo).Concat(Contract.Members(operation.ResultInfo)),
            member => Assert.False(string.IsNullOrEmpty(XmlDocFiles.Product.Of(member.Property)), $"{member.Owner.Type.Name}.{member.Property.Name} has no description."));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Every_member_has_a_phrase_for_its_expected_type(string id) =>
        Assert.All(Contract.Members(Find(id).RequestInfo), member =>
        {
            var info = Info(member.Owner, member.Property);
            Assert.NotEqual((Nullable.GetUnderlyingType(info.Type) ?? info.Type).Name, Expectation.Of(info));
        });

    [Theory, MemberData(nameof(Ids))]
    public void Limits_are_declared_where_they_can_be_checked(string id) =>
        Assert.All(Contract.Members(Find(id).RequestInfo), member =>
        {
            var type = Nullable.GetUnderlyingType(member.Property.PropertyType) ?? member.Property.PropertyType;
            foreach (var rule in member.Property.AttributeProvider!.GetCustomAttributes(typeof(RuleAttribute), true))
                Assert.True(rule is RangeAttribute ? type.IsPrimitive || type == typeof(decimal) : type.IsAssignableTo(typeof(IEnumerable)), member.Property.Name);
        });

    [Theory, MemberData(nameof(Ids))]
    public void Only_the_request_itself_has_rules_over_several_members(string id) =>
        Assert.DoesNotContain(
            Contract.Members(Find(id).RequestInfo),
            member => member.Owner.Type != Find(id).RequestInfo.Type && member.Owner.Type.IsAssignableTo(typeof(IValidatable)));

    [Theory, MemberData(nameof(Ids))]
    public void Shell_lines_are_marked_so_that_no_fact_is_parsed_in_them(string id) =>
        Assert.All(
            Find(id).RequestInfo.Properties.Where(property => property.Name is "unless" or "onlyif" || (id.StartsWith("command.shell.", StringComparison.Ordinal) && property.Name == "command")),
            property => Assert.True(property.AttributeProvider!.IsDefined(typeof(ShellLineAttribute), inherit: true), $"{property.Name} needs [ShellLine]."));

    [Theory, MemberData(nameof(Ids))]
    public void A_permission_is_one_that_roles_can_grant(string id)
    {
        var operation = Find(id);

        Assert.True(operation.Permission is null ? operation.RunsOn == RunsOn.Controller : Permissions.All.Contains(operation.Permission));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Read_only_operations_answer_200_and_others_202(string id)
    {
        var operation = Find(id);

        // The controller may be more specific: its own operations may have created something.
        if (operation.RunsOn == RunsOn.Host || operation.Idempotency == Idempotency.ReadOnly)
            Assert.Equal(operation.Idempotency == Idempotency.ReadOnly ? 200 : 202, operation.SuccessStatus);
        Assert.InRange(operation.SuccessStatus, 200, 204);
        Assert.True(operation.Idempotency == Idempotency.ReadOnly || operation.Route.Method != "GET");
    }

    [Fact]
    public void Every_family_has_a_description() =>
        Assert.All(OperationCatalog.Default.DistinctBy(operation => operation.Family), operation => Assert.EndsWith(".", XmlDocFiles.Product.OfFamily(operation), StringComparison.Ordinal));

    [Fact]
    public void A_family_lists_the_operations_of_its_name_only() =>
        Assert.All(OperationCatalog.Families, family => Assert.Single(family.Operations.Select(operation => operation.Family).Distinct()));

    [Fact]
    public void Every_permission_is_listed_once()
    {
        var declared = typeof(Permissions).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(declared.Order(StringComparer.Ordinal), Permissions.All.Order(StringComparer.Ordinal));
        Assert.Equal(Permissions.All.Distinct(), Permissions.All);
    }

    private static Operation Find(string id)
    {
        Assert.True(OperationCatalog.Default.TryFind(id, out var operation));
        return operation;
    }

    private static JsonTypeInfo Info(JsonTypeInfo owner, JsonPropertyInfo property) => owner.Options.GetTypeInfo(property.PropertyType);

    private static object Bound(Operation operation, JsonObject members)
    {
        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        Assert.Empty(binding.Problems);
        return binding.Value!;
    }

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex TemplateMember { get; }
}
