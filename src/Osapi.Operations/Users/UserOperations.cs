using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Users;

/// <summary>Users of hosts: their accounts, passwords and keys.</summary>
public static partial class UserOperations
{
    internal static OperationFamily Family => new([List, Get, Update, Delete, UpdatePassword, ListKeys, UpdateKeys]) { Read = [Permissions.UserRead], Write = [Permissions.UserWrite] };
}

/// <summary>Calls of the user family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class UserClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListUsers)), JsonSerializable(typeof(UserList))]
[JsonSerializable(typeof(GetUser)), JsonSerializable(typeof(UserAccount))]
[JsonSerializable(typeof(UpdateUser)), JsonSerializable(typeof(UserResult))]
[JsonSerializable(typeof(DeleteUser)), JsonSerializable(typeof(DeleteUserResult))]
[JsonSerializable(typeof(UpdatePassword)), JsonSerializable(typeof(PasswordResult))]
[JsonSerializable(typeof(ListAuthorizedKeys)), JsonSerializable(typeof(AuthorizedKeyList))]
[JsonSerializable(typeof(UpdateAuthorizedKeys)), JsonSerializable(typeof(AuthorizedKeyResult))]
internal sealed partial class UserJson : JsonSerializerContext
{
    public static UserJson Requests { get; } = new(JsonConventions.Strict);

    public static UserJson Results { get; } = new(JsonConventions.Lenient);
}
